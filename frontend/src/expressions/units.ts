// Units of measure and exact conversion between them. The table is that of `orderkit/model/expressions/evaluation/units.py`.

import { Decimal } from "./values/decimals";

interface Unit {
  dimension: string;
  // How many base units one of it is, as a fraction.
  above: bigint;
  below: bigint;
}

const TABLE: { [dimension: string]: string } = {
  mass: "mg 毫克=1 g 克=1000 kg 千克 公斤=1000000 t 吨=1000000000 斤=500000 两=50000 lb 磅=45359237/100 oz 盎司=45359237/1600",
  length: "mm 毫米=1 cm 厘米=10 dm 分米=100 m 米=1000 km 千米 公里=1000000 in 英寸=127/5 ft 英尺=1524/5",
  area: "mm2 平方毫米=1 cm2 平方厘米=100 m2 平方米=1000000 km2 平方公里=1000000000000 ha 公顷=10000000000 亩=2000000000/3",
  volume: "mm3 立方毫米=1 mL ml 毫升 cm3 立方厘米=1000 L l 升 dm3=1000000 m3 立方米 方=1000000000",
  time: "s 秒=1 min 分钟=60 h 小时=3600 d 天=86400",
  count: "pcs 个=1 dozen 打=12",
};

const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries(TABLE).flatMap(([dimension, text]) => entries(dimension, text)),
);

// Several names of one unit stand before its factor.
function entries(dimension: string, text: string): [string, Unit][] {
  const found: [string, Unit][] = [];
  let waiting: string[] = [];
  for (const word of text.split(" ")) {
    const [name = "", factor] = word.split("=");
    waiting.push(name);
    if (factor === undefined) continue;
    const [above = "1", below = "1"] = factor.split("/");
    for (const each of waiting) found.push([each, { dimension, above: BigInt(above), below: BigInt(below) }]);
    waiting = [];
  }
  return found;
}

// Half-up to six places at once; between units that do not measure the same it is empty.
export function converted(quantity: Decimal, from: string, to: string): Decimal | null {
  const [source, target] = [UNITS.get(from), UNITS.get(to)];
  if (!source || !target || source.dimension !== target.dimension) return null;
  const above = new Decimal(source.above * target.below);
  return quantity.times(above).over(new Decimal(source.below * target.above))?.bounded(6) ?? null;
}

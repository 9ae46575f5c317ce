// Takes Chinese addresses apart: by their suffixes, as the server does with one line (`fields/address/parts.py`),
// and by the names that there are, which also knows places that are named without them.

export interface Parts {
  province: string;
  city: string;
  district: string;
  street: string;
}

/** Province, its cities, their districts: what `regions.json` holds. */
export type Regions = [province: string, cities: [city: string, districts: string[]][]][];

export const NOWHERE: Parts = { province: "", city: "", district: "", street: "" };

const MUNICIPALITY = /^(北京|上海|天津|重庆)(?:市)?\s*/;
const PROVINCE = /^(内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|[香澳][港门]特别行政区|[^\s省市区县]{2,3}省)\s*/;
const CITY = /^([^\s市区县旗]{1,10}?(?:自治州|地区|市|盟))\s*/;
const DISTRICT = /^([^\s市区县旗路街道号]{1,10}?(?:新区|区|自治县|县|市|自治旗|旗))\s*/;
const SUFFIX = /(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|盟|县|区|旗)$/;
const BETWEEN = /(?<!\S)\/(?!\S)/;
const MOST_FOUND = 40;

/** Reads one line as the server does. */
export function readParts(line: string): Parts {
  const given = line.split(BETWEEN);
  if (given.length === 4) {
    const [province, city, district, street] = given.map((each) => each.trim()) as [string, string, string, string];
    return { province, city, district, street };
  }
  let rest = line;
  const parts = { ...NOWHERE };
  const cut = (pattern: RegExp): string => {
    const found = pattern.exec(rest);
    rest = found ? rest.slice(found[0].length) : rest;
    return found?.[1] ?? "";
  };
  const municipality = cut(MUNICIPALITY);
  if (municipality) {
    parts.province = parts.city = `${municipality}市`;
    if (rest.startsWith(parts.city)) rest = rest.slice(parts.city.length).trimStart();
  } else {
    parts.province = cut(PROVINCE);
    parts.city = cut(CITY);
  }
  if (parts.province || parts.city) parts.district = cut(DISTRICT);
  parts.street = rest.trim();
  return parts;
}

/** Returns the text that the server reads as these parts. */
export function writeParts(parts: Parts): string {
  const { province, city, district, street } = parts;
  if (!province && !city && !district) return street;
  return [province, city, district, street].join(" / ").trim();
}

export function joined({ province, city, district, street }: Parts): string {
  return `${province === city ? "" : province}${city}${district}${street}`;
}

// A name without what kind of place it is; two characters at least, lest 东区 become 东.
function short(name: string): string {
  const bare = name.replace(SUFFIX, "");
  return bare.length > 1 ? bare : name;
}

// Returns what follows the name of a place at the beginning of a text; undefined where it is not named.
function after(text: string, name: string): string | undefined {
  if (text.startsWith(name)) return text.slice(name.length);
  const bare = short(name);
  return text.startsWith(bare) ? text.slice(bare.length) : undefined;
}

function first<Place>(text: string, places: readonly Place[], nameOf: (place: Place) => string): [Place, string] | undefined {
  const whole = places.find((place) => text.startsWith(nameOf(place)));
  const found = whole ?? places.find((place) => after(text, nameOf(place)) !== undefined);
  return found === undefined ? undefined : [found, after(text, nameOf(found))!];
}

/** Takes a whole address apart by the names that there are; a place named without its province is found, too. */
export function partsBy(regions: Regions, line: string): Parts {
  const text = line.replace(/\s+/g, "");
  const province = first(text, regions, ([name]) => name);
  if (province) return within(province[0], province[1], line);
  for (const each of regions) {
    const city = each[1].find(([name]) => text.startsWith(name) || (name.length > 2 && text.startsWith(short(name)) && short(name).length > 1));
    if (city) return within(each, text, line);
  }
  // A county-level city or a county is known without them, where only one has the name.
  const districts = regions.flatMap((each) => each[1].filter((city) => city[1].some((name) => name.length > 2 && text.startsWith(name))).map(() => each));
  return districts.length === 1 ? within(districts[0]!, text, line) : readParts(line);
}

function within([province, cities]: Regions[number], text: string, line: string): Parts {
  const isOwnCity = cities.length === 1 && cities[0]![0] === province;
  const named = first(text, cities, ([name]) => name);
  // 江苏省昆山市: the city between them is often left out.
  const holder = named ? undefined : cities.find(([, names]) => names.some((name) => name.length > 2 && text.startsWith(name)));
  const found = named ?? (holder && ([holder, text] as const));
  // A municipality is its own city, named once or twice.
  const city = found?.[0] ?? (isOwnCity ? cities[0]! : undefined);
  const rest = found?.[1] ?? text;
  const district = city && first(rest, city[1], (name) => name);
  // Blanks within the street are its own.
  const street = tail(line, district?.[1] ?? rest);
  return { province, city: city?.[0] ?? "", district: district?.[0] ?? "", street };
}

function tail(line: string, rest: string): string {
  for (let from = 0; from <= line.length; from += 1) {
    if (line.slice(from).replace(/\s+/g, "") === rest) return line.slice(from).trim();
  }
  return rest;
}

/** Returns the places below a path: of none the provinces. */
export function below(regions: Regions, path: readonly string[]): string[] {
  const [province, city] = path;
  if (province === undefined) return regions.map(([name]) => name);
  const cities = regions.find(([name]) => name === province)?.[1] ?? [];
  if (city === undefined) return cities.map(([name]) => name);
  return cities.find(([name]) => name === city)?.[1] ?? [];
}

/** Returns the paths of the places that a typed text names, the larger first. */
export function search(regions: Regions, typed: string): string[][] {
  const text = typed.replace(/[\s/]+/g, "");
  const found: string[][][] = [[], [], []];
  const note = (...path: string[]): void => {
    const whole = path.join("");
    if (whole.includes(text) || path.map(short).join("").includes(text)) found[path.length - 1]!.push(path);
  };
  for (const [province, cities] of regions) {
    note(province);
    for (const [city, districts] of cities) {
      note(province, city);
      for (const district of districts) note(province, city, district);
    }
  }
  // Of a province that is named not every district is meant, but of a district the district itself.
  return found.flat().sort((one, other) => nearness(one, text) - nearness(other, text)).slice(0, MOST_FOUND);
}

function nearness(path: string[], text: string): number {
  const last = path.at(-1)!;
  const isLast = last.includes(text) || text.endsWith(short(last));
  return (isLast ? 0 : 10) + path.length;
}

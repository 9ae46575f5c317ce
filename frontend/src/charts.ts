// Charts from the data that stands beside their place. Colours are the page's own and follow its theme;
// the same numbers stand below each chart as a table, for those who do not see it.

import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, PieChart, TooltipComponent]);

interface Series {
  name: string;
  values: (number | null)[];
  shown: string[];
}

interface ChartData {
  kind: "line" | "bar" | "pie";
  locale: string;
  is_ratio: boolean;
  is_time: boolean;
  categories: string[];
  series: Series[];
}

const drawn = new Map<HTMLElement, EChartsType>();

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--ok-${name}`).trim();
}

function short(value: number, data: ChartData): string {
  if (data.is_ratio) return `${Math.round(value * 1000) / 10}%`;
  const units: [number, string][] = data.locale.startsWith("zh") ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e3, "K"]];
  for (const [size, unit] of units) {
    if (Math.abs(value) >= size) return `${Math.round((value / size) * 10) / 10}${unit}`;
  }
  return String(Math.round(value * 100) / 100);
}

function optionOf(data: ChartData): Record<string, unknown> {
  const [ink, quiet, line, surface] = [colour("ink"), colour("ink-2"), colour("line"), colour("raised")];
  const palette = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`chart-${number}`));
  const font = getComputedStyle(document.body).fontFamily;
  const common = {
    color: palette,
    aria: { enabled: true },
    textStyle: { fontFamily: font, color: ink },
    animationDuration: 350,
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: surface,
      borderColor: line,
      textStyle: { color: ink, fontSize: 13, fontFamily: font },
    },
  };
  const first = data.series[0];
  if (data.kind === "pie" && first) {
    return {
      ...common,
      tooltip: {
        ...common.tooltip,
        trigger: "item",
        formatter: (at: { dataIndex: number; name: string; percent: number }) =>
          `${at.name}\n${first.shown[at.dataIndex] ?? ""}  (${at.percent}%)`,
      },
      legend: { type: "scroll", bottom: 0, icon: "circle", itemWidth: 9, itemHeight: 9, textStyle: { color: quiet }, pageTextStyle: { color: quiet }, pageIconColor: quiet },
      series: [
        {
          type: "pie",
          radius: ["50%", "74%"],
          center: ["50%", "44%"],
          itemStyle: { borderColor: colour("surface"), borderWidth: 2, borderRadius: 4 },
          label: { show: false },
          data: data.categories.map((name, index) => ({ name, value: first.values[index] })),
        },
      ],
    };
  }
  const isRanking = data.kind === "bar" && !data.is_time;
  const names = {
    type: "category",
    data: isRanking ? [...data.categories].reverse() : data.categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: { color: quiet, hideOverlap: true, width: isRanking ? 110 : undefined, overflow: "truncate" },
  };
  const numbers = {
    type: "value",
    splitLine: { lineStyle: { color: line } },
    axisLabel: { color: quiet, formatter: (value: number) => short(value, data), hideOverlap: true },
  };
  return {
    ...common,
    grid: { left: 8, right: 18, top: data.series.length > 1 ? 38 : 14, bottom: 4, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: quiet } } : undefined,
    tooltip: {
      ...common.tooltip,
      trigger: "axis",
      axisPointer: { type: data.kind === "line" ? "line" : "shadow", lineStyle: { color: quiet }, shadowStyle: { opacity: 0.12 } },
      formatter: (points: { seriesIndex: number; dataIndex: number; name: string }[]) => {
        const lines = points.map((point) => {
          const series = data.series[point.seriesIndex];
          const at = isRanking ? data.categories.length - 1 - point.dataIndex : point.dataIndex;
          return `${series?.name ?? ""}  ${series?.shown[at] ?? ""}`;
        });
        return [points[0]?.name ?? "", ...lines].join("\n");
      },
    },
    xAxis: isRanking ? numbers : names,
    yAxis: isRanking ? names : numbers,
    series: data.series.map((series) => ({
      name: series.name,
      type: data.kind,
      data: isRanking ? [...series.values].reverse() : series.values,
      smooth: 0.25,
      symbolSize: 7,
      showSymbol: data.categories.length < 32,
      lineStyle: { width: 2.5 },
      areaStyle: data.kind === "line" && data.series.length === 1 ? { opacity: 0.09 } : undefined,
      barMaxWidth: 26,
      itemStyle: { borderRadius: data.kind === "bar" ? (isRanking ? [0, 4, 4, 0] : [4, 4, 0, 0]) : 0 },
    })),
  };
}

function draw(place: HTMLElement): void {
  const data = JSON.parse(place.dataset.chart ?? "{}") as ChartData;
  drawn.get(place)?.dispose();
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption(optionOf(data));
  drawn.set(place, chart);
  sizes.observe(place);
}

const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target as HTMLElement)?.resize();
});

function drawAll(root: ParentNode): void {
  for (const [place, chart] of drawn) {
    if (place.isConnected) continue;
    chart.dispose();
    sizes.unobserve(place);
    drawn.delete(place);
  }
  root.querySelectorAll<HTMLElement>("[data-chart]").forEach((place) => {
    if (!drawn.has(place)) draw(place);
  });
}

document.addEventListener("orderkit:theme", () => [...drawn.keys()].forEach(draw));
document.addEventListener("htmx:afterSettle", () => drawAll(document));
drawAll(document);

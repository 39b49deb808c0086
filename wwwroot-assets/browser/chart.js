// Draws what Layout/Chart.razor describes, with ApexCharts. Colours are names of tokens, so a change of theme only repaints.
import ApexCharts from "./lib/apexcharts/apexcharts.esm.js";

const charts = new Map();
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const text = (value) => Object.assign(document.createElement("i"), { textContent: value ?? "" }).innerHTML;
const number = (value, unit) => {
  if (value === null || value === undefined) return "–";
  if (unit === "%") return `${(value * 100).toFixed(1)} %`;
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 }) + (unit ? ` ${unit}` : "");
};

// Names come from the vendor: they are text, whatever they contain.
const tip = (element) => ({ seriesIndex, dataPointIndex }) => {
  const { spec } = charts.get(element);
  const row = (series, value) =>
    `<div class="tip-row"><span style="background:var(${series.color})"></span>${text(series.name)}<b>${text(number(value, spec.unit))}</b></div>`;
  if (spec.kind === "donut") {
    const slice = spec.series[seriesIndex];
    const all = spec.series.reduce((sum, s) => sum + (s.values[0] ?? 0), 0);
    return `<div class="tip">${row(slice, slice.values[0])}<div class="tip-note">${all ? ((slice.values[0] / all) * 100).toFixed(1) : 0} %</div></div>`;
  }
  const rows = spec.series.map((s) => [s, s.values[dataPointIndex]]).filter(([, v]) => v).reverse();
  return `<div class="tip"><div class="tip-head">${text(spec.categories[dataPointIndex])}</div>${rows.map(([s, v]) => row(s, v)).join("") || "–"}</div>`;
};

const follow = (element, series, point) => {
  const link = charts.get(element)?.spec.series[series]?.links?.[point];
  if (link) Blazor.navigateTo(link);
};

const options = (element, spec) => {
  const donut = spec.kind === "donut";
  const horizontal = spec.kind === "bar";
  const area = spec.kind === "stackedArea";
  const muted = token("--muted");
  const axis = { style: { colors: muted, fontSize: "11px", fontFamily: "inherit" } };
  const every = Math.max(1, Math.ceil(spec.categories.length / (element.clientWidth < 420 ? 5 : 9)));
  return {
    chart: {
      type: donut ? "donut" : area ? "area" : "bar",
      stacked: !donut,
      height: spec.height,
      width: "100%",
      fontFamily: "inherit",
      background: "transparent",
      toolbar: { show: false },
      zoom: { enabled: false },
      selection: { enabled: false },
      parentHeightOffset: 0,
      animations: { enabled: !calm.matches, speed: 250, animateGradually: { enabled: false }, dynamicAnimation: { speed: 250 } },
      events: {
        dataPointSelection: (_, __, at) => (donut ? follow(element, at.dataPointIndex, 0) : follow(element, at.seriesIndex, at.dataPointIndex)),
        markerClick: (_, __, at) => follow(element, at.seriesIndex, at.dataPointIndex),
      },
    },
    theme: { mode: theme.get() === "dark" ? "dark" : "light" },
    series: donut ? spec.series.map((s) => s.values[0] ?? 0) : spec.series.map((s, i) => ({ name: `s${i}`, data: s.values })),
    labels: donut ? spec.series.map((_, i) => `s${i}`) : undefined,
    colors: spec.series.map((s) => token(s.color)),
    fill: { type: "solid", opacity: area ? 0.75 : 1 },
    stroke: donut ? { width: 2, colors: [token("--surface")] } : area ? { width: 1, curve: "straight" } : { width: 0 },
    dataLabels: { enabled: false },
    legend: { show: false },
    states: { hover: { filter: { type: "none" } }, active: { filter: { type: "none" } } },
    markers: { size: 0, hover: { size: 3 } },
    grid: { borderColor: token("--line"), strokeDashArray: 0, padding: { left: horizontal ? 4 : 8, right: 8, top: -14, bottom: -4 }, xaxis: { lines: { show: horizontal } }, yaxis: { lines: { show: !horizontal } } },
    plotOptions: {
      bar: { horizontal, columnWidth: "78%", barHeight: "70%", borderRadius: 1 },
      pie: {
        expandOnClick: false,
        donut: {
          size: "68%",
          labels: {
            show: !!spec.center,
            name: { show: true, offsetY: 14, color: muted, fontSize: "11px" },
            value: { show: true, offsetY: -12, color: token("--text"), fontSize: "20px", fontWeight: 620, formatter: (v) => number(Number(v), spec.unit) },
            total: { show: !!spec.center, showAlways: true, label: spec.center, color: muted, fontSize: "11px", formatter: () => spec.centerValue ?? "" },
          },
        },
      },
    },
    xaxis: donut ? undefined : {
      categories: spec.categories,
      axisBorder: { show: false },
      axisTicks: { show: false },
      tooltip: { enabled: false },
      crosshairs: { show: false },
      labels: { ...axis, rotate: 0, hideOverlappingLabels: false, trim: false, formatter: horizontal ? (v) => number(Number(v), spec.unit) : (v) => v },
      overwriteCategories: horizontal ? undefined : spec.categories.map((c, i) => (i % every === 0 ? c : "")),
    },
    yaxis: donut ? undefined : {
      min: 0,
      max: spec.unit === "%" ? 1 : undefined,
      tickAmount: 3,
      forceNiceScale: spec.unit !== "%",
      labels: { ...axis, maxWidth: horizontal ? 180 : 60, formatter: horizontal ? (v) => v : (v) => (spec.unit === "%" ? `${Math.round(v * 100)} %` : Math.round(v) === v ? v.toLocaleString("en-US") : "") },
    },
    tooltip: { shared: !donut && !horizontal, intersect: donut || horizontal, followCursor: true, custom: tip(element), theme: false, cssClass: "tip-box" },
  };
};

export const draw = async (element, spec) => {
  const held = charts.get(element);
  if (!held) {
    const entry = { spec };
    charts.set(element, entry);
    const chart = entry.chart = new ApexCharts(element, options(element, spec));
    await chart.render();
    return;
  }
  const before = held.spec;
  held.spec = spec;
  const shape = (s) => JSON.stringify([s.kind, s.height, s.center, s.unit, s.categories, s.series.map((x) => [x.name, x.color])]);
  const whole = options(element, spec);
  if (shape(before) === shape(spec) && spec.kind !== "donut") {
    await held.chart.updateSeries(whole.series, !calm.matches);
  } else {
    await held.chart.updateOptions(whole, false, false, false);
  }
};

export const dispose = (element) => {
  charts.get(element)?.chart?.destroy();
  charts.delete(element);
};

document.addEventListener("themechange", () => {
  for (const [element, { chart, spec }] of charts) chart.updateOptions(options(element, spec), false, false, false);
});

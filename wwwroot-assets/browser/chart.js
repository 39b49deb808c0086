// Draws what Layout/Chart.razor describes, with ApexCharts. Colours are names of tokens, so a change of theme only repaints.
import ApexCharts from "./lib/apexcharts/apexcharts.esm.js";

const charts = new Map();
// The reader's way to write numbers, which is that of the page.
const formats = document.documentElement.dataset.formats || undefined;
const percent = (value) => `${value.toLocaleString(formats, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`;
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const text = (value) => Object.assign(document.createElement("i"), { textContent: value ?? "" }).innerHTML;
const number = (value, unit) => {
  if (value === null || value === undefined) return "–";
  if (unit === "%") return percent(value * 100);
  return value.toLocaleString(formats, { maximumFractionDigits: 1 }) + (unit ? ` ${unit}` : "");
};

// Names come from the vendor: they are text, whatever they contain.
const tip = (element) => ({ seriesIndex, dataPointIndex }) => {
  const { spec } = charts.get(element);
  const row = (series, value) =>
    `<div class="tip-row"><span style="background:var(${series.color})"></span>${text(series.name)}<b>${text(number(value, spec.unit))}</b></div>`;
  if (spec.kind === "donut") {
    const slice = spec.series[seriesIndex];
    const all = spec.series.reduce((sum, s) => sum + (s.values[0] ?? 0), 0);
    return `<div class="tip">${row(slice, slice.values[0])}<div class="tip-note">${percent(all ? (slice.values[0] / all) * 100 : 0)}</div></div>`;
  }
  const rows = spec.series.map((s) => [s, s.values[dataPointIndex]]).filter(([, v]) => v).reverse();
  return `<div class="tip"><div class="tip-head">${text(spec.categories[dataPointIndex])}</div>${rows.map(([s, v]) => row(s, v)).join("") || "–"}</div>`;
};

// The top of the axis: a round number just above the highest stack.
const ceiling = (spec) => {
  if (spec.unit === "%") return 1;
  const stacks = spec.categories.map((_, i) => spec.series.reduce((sum, s) => sum + (s.values[i] ?? 0), 0));
  const high = Math.max(1, ...stacks);
  const step = 10 ** Math.floor(Math.log10(high / 3));
  return [1, 2, 3, 5, 10, 20].map((n) => Math.max(1, n * step) * 3).find((top) => top >= high) ?? high;
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
      // Every two seconds new numbers come: bars that grow into them keep a browser drawing.
      animations: { enabled: false },
      events: {
        dataPointSelection: (_, __, at) => (donut ? follow(element, at.dataPointIndex, 0) : follow(element, at.seriesIndex, at.dataPointIndex)),
        markerClick: (_, __, at) => follow(element, at.seriesIndex, at.dataPointIndex),
      },
    },
    theme: { mode: theme.get() === "dark" ? "dark" : "light" },
    series: donut ? spec.series.map((s) => s.values[0] ?? 0) : spec.series.map((s, i) => ({ name: `s${i}`, data: s.values })),
    ...(donut && { labels: spec.series.map((_, i) => `s${i}`) }),
    colors: spec.series.map((s) => token(s.color)),
    fill: { type: "solid", opacity: 1 },
    stroke: donut ? { width: 2, colors: [token("--surface")] } : area ? { width: 1, curve: "straight" } : { width: 0 },
    dataLabels: { enabled: false },
    legend: { show: false },
    states: { hover: { filter: { type: "none" } }, active: { filter: { type: "none" } } },
    markers: { size: 0, hover: { size: 3 } },
    grid: { borderColor: token("--line"), strokeDashArray: 0, padding: donut ? { top: 0, bottom: 0, left: 0, right: 0 } : { left: horizontal ? 4 : 8, right: 8, top: -14, bottom: -4 }, xaxis: { lines: { show: horizontal } }, yaxis: { lines: { show: !horizontal } } },
    plotOptions: {
      bar: { horizontal, columnWidth: "78%", barHeight: "70%", borderRadius: 1 },
      pie: {
        expandOnClick: false,
        donut: {
          size: "68%",
          labels: {
            show: !!spec.center,
            name: { show: true, offsetY: 17, color: muted, fontSize: "11px" },
            value: { show: true, offsetY: -9, color: token("--text"), fontSize: "20px", fontWeight: 620, formatter: (v) => number(Number(v), spec.unit) },
            total: { show: !!spec.center, showAlways: true, label: spec.center, color: muted, fontSize: "11px", formatter: () => spec.centerValue ?? "" },
          },
        },
      },
    },
    xaxis: donut ? {} : {
      categories: spec.categories,
      axisBorder: { show: false },
      axisTicks: { show: false },
      tooltip: { enabled: false },
      crosshairs: { show: false },
      labels: { ...axis, rotate: 0, hideOverlappingLabels: false, trim: false, formatter: horizontal ? (v) => number(Number(v), spec.unit) : (v) => v },
      overwriteCategories: horizontal ? undefined : spec.categories.map((c, i) => (i % every === 0 ? c : "")),
    },
    yaxis: donut ? {} : {
      min: 0,
      ...(!horizontal && { max: ceiling(spec), tickAmount: spec.unit === "%" ? 4 : 3 }),
      labels: { ...axis, maxWidth: horizontal ? 180 : 60, formatter: horizontal ? (v) => v : (v) => (spec.unit === "%" ? `${Math.round(v * 100)} %` : Math.round(v).toLocaleString(formats)) },
    },
    tooltip: { shared: !donut && !horizontal, intersect: donut || horizontal, followCursor: true, custom: tip(element), theme: false, cssClass: "tip-box" },
  };
};

const paint = async (element) => {
  const held = charts.get(element);
  if (!held || held.painted === held.spec) return;
  const [before, spec] = [held.painted, held.spec];
  held.painted = spec;
  const whole = options(element, spec);
  if (!held.chart) {
    held.chart = new ApexCharts(element, whole);
    await held.chart.render();
    return;
  }
  const shape = (s) => JSON.stringify([s.kind, s.height, s.center, s.unit, s.categories, s.series.map((x) => [x.name, x.color])]);
  if (spec.kind === "donut" || shape(before) !== shape(spec)) await held.chart.updateOptions(whole, false, false, false);
  else if (ceiling(spec) !== ceiling(before)) await held.chart.updateOptions({ series: whole.series, yaxis: whole.yaxis }, false, false, false);
  else await held.chart.updateSeries(whole.series, false);
};

// One drawing at a time per chart; of what comes meanwhile only the last is drawn.
export const draw = (element, text) => {
  if (!charts.has(element)) charts.set(element, { busy: Promise.resolve() });
  const held = charts.get(element);
  held.spec = JSON.parse(text);
  return (held.busy = held.busy.catch(() => {}).then(() => paint(element)));
};

export const dispose = (element) => {
  charts.get(element)?.chart?.destroy();
  charts.delete(element);
};

document.addEventListener("themechange", () => {
  for (const [element, { chart, spec }] of charts) chart?.updateOptions(options(element, spec), false, false, false);
});

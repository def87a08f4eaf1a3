// Draws a chart above each table that asks for one. The tables hold every figure; whoever has no
// JavaScript reads them instead.
(() => {
  'use strict';
  if (typeof Chart === 'undefined') return;

  // Okabe and Ito's colours, which people with colour blindness can tell apart.
  const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a6fd1', '#999999'];
  const SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot', 'cross', 'dash'];
  const MOST_LINES_SHOWN = 12;
  // A larger canvas is blank in some browsers, on a screen of three pixels to a CSS pixel.
  const MOST_REM_HIGH = 210;
  const MOST_VALUES_AS_TICKS = 24;
  const PIXELS_OF_LETTER = 6.5;

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const charts = [];

  const number = (text) => (text === undefined ? null : Number(text));

  const si = (value) => {
    for (const [factor, prefix] of [[1e12, ' T'], [1e9, ' G'], [1e6, ' M'], [1e3, ' k']]) {
      if (value >= factor) return `${+(value / factor).toPrecision(3)}${prefix}`;
    }
    return `${+value.toPrecision(3)}`;
  };
  const time = (ns) => {
    for (const [factor, unit] of [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs']]) {
      if (ns >= factor) return `${+(ns / factor).toPrecision(3)} ${unit}`;
    }
    return `${+ns.toPrecision(3)} ns`;
  };
  // The multiples of a power of ten that have a label on a logarithmic axis: the fewer the longer it is.
  const isRound = (value, scale) => {
    const decades = Math.log10(scale.max / scale.min);
    const multiples = decades < 1.3 ? [1, 2, 3, 5, 7] : decades < 4 ? [1, 2, 5] : [1];
    return multiples.includes(+(value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(3));
  };
  const percentile = (x) => `${+(100 * (1 - 1 / x)).toPrecision(8)} %`;

  const pointOf = (cell) => ({
    y: number(cell.dataset.v),
    lo: number(cell.dataset.lo),
    hi: number(cell.dataset.hi),
    dots: cell.dataset.d ? cell.dataset.d.split(' ').map(Number) : [],
    dashed: 'o' in cell.dataset,
    text: cell.textContent,
  });

  let printing = false;
  const styles = () => {
    if (printing) return { ink: '#000', faint: '#444', line: '#bbb' };
    const css = getComputedStyle(document.documentElement);
    const of = (name) => css.getPropertyValue(name).trim();
    return { ink: of('--ink'), faint: of('--faint'), line: of('--line') };
  };

  // Bars from lo to hi through each point.
  const bars = {
    id: 'bars',
    afterDatasetsDraw(chart, _args, options) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.right - chartArea.left, chartArea.bottom - chartArea.top);
      ctx.clip();
      chart.data.datasets.forEach((set, index) => {
        if (set.isDots || !chart.isDatasetVisible(index)) return;
        const meta = chart.getDatasetMeta(index);
        ctx.strokeStyle = set.borderColor;
        ctx.lineWidth = 2;
        set.data.forEach((point, i) => {
          if (point === null || point.lo === null || point.lo === undefined) return;
          const at = meta.data[i];
          const scale = chart.scales[options.horizontal ? 'x' : 'y'];
          const [a, b] = [scale.getPixelForValue(point.lo), scale.getPixelForValue(point.hi)];
          ctx.beginPath();
          if (options.horizontal) { ctx.moveTo(a, at.y); ctx.lineTo(b, at.y); }
          else { ctx.moveTo(at.x, a); ctx.lineTo(at.x, b); }
          ctx.stroke();
        });
      });
      ctx.restore();
    },
  };

  // A line at the ratio 1.
  const one = {
    id: 'one',
    beforeDatasetsDraw(chart, _args, options) {
      if (!options.wanted) return;
      const x = chart.scales.x.getPixelForValue(1);
      chart.ctx.save();
      chart.ctx.strokeStyle = styles().ink;
      chart.ctx.beginPath();
      chart.ctx.moveTo(x, chart.chartArea.top);
      chart.ctx.lineTo(x, chart.chartArea.bottom);
      chart.ctx.stroke();
      chart.ctx.restore();
    },
  };

  // Lines of words that are no longer than this many letters, if the words are not.
  const wrapped = (text, letters) => {
    const lines = [];
    for (const word of text.split(' ')) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  };

  const axis = (title, isLog, more) => {
    const { ink, faint, line } = styles();
    const words = title === 'ns' ? time : si;
    return {
      type: isLog ? 'logarithmic' : 'linear',
      title: { display: title.length > 0, text: title === 'ns' ? 'time' : title, color: ink },
      grid: { color: line },
      ticks: {
        color: faint,
        callback(value) { return !isLog || isRound(value, this) ? words(value) : null; },
      },
      ...(isLog ? { afterBuildTicks: evenTicks(words) } : {}),
      ...more,
    };
  };

  // Of a logarithmic axis that is too short for such labels: steps of equal size.
  const evenTicks = (words) => (scale) => {
    if (scale.max / scale.min > 4) return;
    const raw = (scale.max - scale.min) / 6;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw);
    scale.ticks = [];
    for (let n = Math.ceil(scale.min / step); n * step <= scale.max; ++n) scale.ticks.push({ value: n * step });
    scale.options.ticks.callback = (value) => words(value);
  };

  // The ends of an axis around all that is drawn.
  const around = (values, isLog) => {
    const all = values.filter((value) => value !== null && Number.isFinite(value) && (!isLog || value > 0));
    if (all.length === 0) return {};
    const least = all.reduce((a, b) => Math.min(a, b));
    const most = all.reduce((a, b) => Math.max(a, b));
    return isLog ? { min: least / 1.2, max: most * 1.2 } : { min: Math.min(0, least), max: most * 1.05 };
  };

  const linesOf = (table) => {
    const rows = [...table.tBodies[0].rows];
    const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const withNumber = rows.filter((row) => 'v' in row.cells[0].dataset);
    const numeric = withNumber.length === rows.length || 'percentiles' in table.dataset;
    const values = withNumber.map((row) => Number(row.cells[0].dataset.v));
    const labels = rows.map((row) => row.cells[0].textContent);
    const lines = [];
    for (let column = 1; column < titles.length; ++column) {
      const points = [];
      const saturated = [];
      rows.forEach((row, i) => {
        const cell = row.cells[column];
        if (cell && 's' in cell.dataset && numeric) saturated.push(Number(row.cells[0].dataset.v));
        if (!cell || !('v' in cell.dataset)) return;
        if (numeric && !('v' in row.cells[0].dataset)) return;
        points.push({ x: numeric ? Number(row.cells[0].dataset.v) : labels[i], ...pointOf(cell) });
      });
      if (points.length + saturated.length > 0) lines.push({ title: titles[column], points, saturated });
    }
    return { numeric, values, labels, lines };
  };

  const lineChart = (table) => {
    const { xTitle, yTitle, factor, rightTitle } = table.dataset;
    const { numeric, values, labels, lines } = linesOf(table);
    const [logX, logY] = ['logx' in table.dataset, 'logy' in table.dataset];
    const sets = [];
    lines.forEach((line, i) => {
      const color = COLORS[i % COLORS.length];
      const hidden = i >= MOST_LINES_SHOWN;
      sets.push({
        label: line.title, data: line.points, hidden, borderColor: color, backgroundColor: color, borderWidth: 2,
        pointStyle: SHAPES[Math.floor(i / COLORS.length) % SHAPES.length], pointRadius: 4,
        segment: { borderDash: (at) => (at.p1.raw && at.p1.raw.dashed ? [6, 4] : undefined) },
      });
      const dots = line.points.flatMap((point) => point.dots.map((y) => ({ x: point.x, y })));
      if (dots.length > 0) {
        sets.push({ label: line.title, data: dots, hidden, isDots: true, showLine: false, pointRadius: 1.5,
          borderColor: `${color}80`, backgroundColor: `${color}80` });
      }
    });
    const shown = sets.filter((set) => !set.hidden).flatMap((set) => set.data);
    const ends = around(shown.flatMap((point) => [point.y, point.lo ?? null, point.hi ?? null]), logY);
    // There is no time of a saturated queue: a triangle at the top says where it was.
    const top = ends.max === undefined ? 1 : logY ? ends.max / 1.08 : ends.max;
    lines.forEach((line, i) => {
      if (line.saturated.length === 0) return;
      const color = COLORS[i % COLORS.length];
      sets.push({ label: line.title, data: line.saturated.map((x) => ({ x, y: top })), hidden: i >= MOST_LINES_SHOWN,
        isDots: true, showLine: false, pointStyle: 'triangle', pointRadius: 8, borderColor: color, backgroundColor: 'transparent',
        borderWidth: 2 });
    });
    const scales = { y: axis(yTitle, logY, ends) };
    scales.x = numeric ? axis(xTitle, logX) : { ...axis(xTitle, false), type: 'category', labels };
    if (!numeric) delete scales.x.ticks.callback;
    if ('percentiles' in table.dataset) {
      scales.x.min = values[0];
      scales.x.ticks.callback = (value) =>
        (Math.abs(Math.log10(value) % 1) < 1e-9 || value === 2 ? percentile(value) : null);
    } else if (numeric && values.length <= MOST_VALUES_AS_TICKS) {
      // What was measured, and nothing between.
      scales.x.afterBuildTicks = (scale) => {
        scale.ticks = values.filter((value) => value >= scale.min && value <= scale.max).map((value) => ({ value }));
      };
      scales.x.ticks.callback = (value) => si(value);
    }
    if (factor !== undefined && ends.min !== undefined) {
      const times = Number(factor);
      scales.right = axis(rightTitle, logY, { position: 'right', min: ends.min * times, max: ends.max * times });
      scales.right.grid.drawOnChartArea = false;
    }
    return { sets, scales, horizontal: false };
  };

  const heightOf = (table) => Math.min(MOST_REM_HIGH, Math.max(8, table.tBodies[0].rows.length * 1.4 + 5));

  // What tells the names apart.
  const withoutCommonWords = (names) => {
    const words = names.map((name) => name.split(' '));
    const common = new Set(words[0].filter((word) => words.every((others) => others.includes(word))));
    return words.map((own, i) => own.filter((word) => !common.has(word)).join(' ') || names[i]);
  };

  const forest = (table, width) => {
    const rows = [...table.tBodies[0].rows];
    const points = rows.map((row, i) => {
      const point = pointOf(row.cells[1]);
      return { x: point.y, y: i, lo: point.lo, hi: point.hi, text: point.text };
    });
    const names = rows.map((row) => row.cells[0].textContent);
    const ends = around(points.flatMap((point) => [point.x, point.lo, point.hi, 1]), true);
    const y = axis('', false, { reverse: true, min: -0.6, max: rows.length - 0.4, afterBuildTicks: (scale) => {
      scale.ticks = names.map((_name, value) => ({ value }));
    } });
    const labels = withoutCommonWords(names);
    y.ticks.callback = function label(value) {
      const letters = Math.max(8, Math.floor((this.chart.width * 0.4) / PIXELS_OF_LETTER));
      let text = labels[value] ?? '';
      if (text.length > letters) text = text.replaceAll(/(^| )[^ =]+=/g, '$1');
      return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
    };
    y.ticks.autoSkip = heightOf(table) >= MOST_REM_HIGH;
    y.grid.display = false;
    const color = COLORS[0];
    return {
      sets: [{ label: table.dataset.xTitle, data: points, showLine: false, borderColor: color, backgroundColor: color, pointRadius: 4 }],
      scales: { x: axis(wrapped(table.dataset.xTitle, width * 0.5 / PIXELS_OF_LETTER), true, ends), y }, horizontal: true, names,
    };
  };

  // How many pixels high the legend of these lines is.
  const legendHeight = (lines, width) => {
    let [rows, used] = [1, 0];
    for (const { label } of lines) {
      const needed = Math.min(width, 34 + label.length * PIXELS_OF_LETTER);
      if (used > 0 && used + needed > width) [rows, used] = [rows + 1, 0];
      used += needed;
    }
    return rows * 24 + 10;
  };

  const draw = (table, canvas) => {
    const isForest = table.dataset.chart === 'forest';
    const { sets, scales, horizontal, names } = isForest ? forest(table, canvas.parentNode.clientWidth) : lineChart(table);
    const { ink } = styles();
    const legend = isForest ? 0 : legendHeight(sets.filter((set) => !set.isDots), canvas.parentNode.clientWidth * 0.75);
    // The legend takes no room from the lines.
    if (!isForest) canvas.parentNode.style.height = `calc(20rem + ${legend}px)`;
    // Each line's dots follow it when somebody hides or shows it.
    const toggle = (_event, item, legend) => {
      const { chart } = legend;
      const visible = !chart.isDatasetVisible(item.datasetIndex);
      chart.data.datasets.forEach((set, i) => {
        if (set.label === chart.data.datasets[item.datasetIndex].label) chart.setDatasetVisibility(i, visible);
      });
      chart.update();
    };
    return new Chart(canvas, {
      type: isForest ? 'scatter' : 'line',
      data: { datasets: sets },
      plugins: [bars, one],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, scales,
        plugins: {
          bars: { horizontal }, one: { wanted: isForest },
          legend: {
            display: !isForest, maxHeight: legend, onClick: toggle,
            labels: { color: ink, usePointStyle: true, boxHeight: 7, filter: (item, data) => !data.datasets[item.datasetIndex].isDots },
          },
          tooltip: {
            filter: (item) => !item.dataset.isDots,
            callbacks: isForest
              ? { title: (items) => items.map((item) => names[item.dataIndex]), label: (item) => item.raw.text }
              : { label: (item) => `${item.dataset.label}: ${item.raw.text}` },
          },
        },
      },
    });
  };

  const drawAll = () => {
    for (const { table, canvas, chart } of charts) chart.destroy(), canvas.removeAttribute('style');
    for (const one of charts) one.chart = draw(one.table, one.canvas);
  };

  for (const table of document.querySelectorAll('table[data-chart]')) {
    const figure = table.closest('figure');
    const box = document.createElement('div');
    const canvas = document.createElement('canvas');
    box.className = 'canvas';
    if (table.dataset.chart === 'forest') box.style.height = `${heightOf(table)}rem`;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Chart: ${figure.querySelector('figcaption').textContent}. The table below has its figures.`);
    box.append(canvas);
    figure.querySelector('figcaption').after(box);
    figure.querySelector('details').open = false;
    charts.push({ table, canvas, chart: draw(table, canvas) });
  }
  // All of them together made the page longer, and a scroll bar may have made it narrower.
  for (const { chart } of charts) chart.resize();
  dark.addEventListener('change', drawAll);
  // On paper nobody can open what is folded.
  let opened = [];
  addEventListener('beforeprint', () => {
    printing = true;
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const details of opened) details.open = true;
    drawAll();
  });
  addEventListener('afterprint', () => {
    printing = false;
    for (const details of opened) details.open = false;
    drawAll();
  });
})();

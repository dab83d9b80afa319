'use strict';
// Hover, zoom, sorting and themes. All figures are those of the data block; nothing is requested from anywhere.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const SVG = 'http://www.w3.org/2000/svg';
  const root = document.documentElement;
  const status = document.getElementById('status');
  const zoomBox = document.getElementById('zoom');

  // Numbers and moments as the charts write them.
  const trim = text => text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  const digits = (value, count) => {
    if (value === 0) return '0';
    const places = Math.max(0, Math.min(12, count - 1 - Math.floor(Math.log10(Math.abs(value)))));
    return trim(value.toFixed(places)).replace('-', '\u2212');
  };
  const scaled = (value, steps) => {
    const size = Math.abs(value) * (1 + 1e-9);
    const [by, suffix] = steps.find(step => size >= step[0]) || steps[steps.length - 1];
    return digits(value / by, 4) + suffix;
  };
  const SI = [[1e9, 'B'], [1e6, 'M'], [1e3, 'k'], [1, '']];
  const MILLIS = [[86400e3, ' d'], [3600e3, ' h'], [60e3, ' min'], [1e3, ' s'], [1, ' ms']];
  const number = (value, form) => {
    if (value === null) return '\u2013';
    if (form.of === 'share') return digits(value * 100, 4) + '%';
    if (form.of === 'ms') return scaled(value, MILLIS);
    return scaled(value * form.by, SI) + form.unit;
  };
  const two = value => String(value).padStart(2, '0');
  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const offset = (panel, seconds) => panel.offsets.reduce((found, [from, by]) => seconds >= from ? by : found, panel.offsets[0][1]);
  const onClock = (panel, seconds, step) => {
    const at = new Date(data.drop_ms + (seconds + offset(panel, seconds)) * 1000 + 1e-3);
    if (step >= 86400) return at.getUTCDate() + ' ' + MONTHS[at.getUTCMonth()];
    const time = two(at.getUTCHours()) + ':' + two(at.getUTCMinutes());
    if (step >= 60) return time;
    const rest = at.getUTCSeconds() + at.getUTCMilliseconds() / 1000;
    return time + ':' + (step >= 1 ? two(Math.floor(rest)) : rest.toFixed(Math.min(3, Math.ceil(-Math.log10(step)))).padStart(4, '0'));
  };
  const fromDrop = (seconds, step) => {
    if (Math.abs(seconds) < 1e-9) return 'drop';
    const [by, unit] = step >= 86400 ? [86400, ' d'] : step >= 3600 ? [3600, ' h'] : step >= 60 ? [60, ' min'] : [1, ' s'];
    return (seconds < 0 ? '\u2212' : '+') + digits(Math.abs(seconds) / by, 6) + unit;
  };
  const moment = (panel, seconds, step) => panel.time === 'clock' ? onClock(panel, seconds, step) : fromDrop(seconds, step);
  const days = panel => panel.time === 'clock' && onClock(panel, panel.x[0], 86400) !== onClock(panel, panel.x[1] - 1e-3, 86400);
  const told = (panel, at) => {
    if (!panel.time) return panel.xform ? number(at, panel.xform) : String(at);
    const fine = at % 60 === 0 ? 60 : at % 1 === 0 ? 1 : 0.001;
    return (days(panel) ? onClock(panel, at, 86400) + ' ' : '') + moment(panel, at, fine);
  };
  const STEPS = [.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

  // Charts: panels with a room on the sheet, an axis, and series.
  const charts = [...document.querySelectorAll('.chart')].map((box, index) => ({ box, svg: box.querySelector('svg'), panels: data.charts[index].panels, grids: data.charts[index].grids }));
  let window_ = null;

  const range = panel => {
    if (!panel.time || !window_) return panel.x;
    const low = Math.max(panel.x[0], window_[0]), high = Math.min(panel.x[1], window_[1]);
    return high > low ? [low, high] : panel.x;
  };
  const toSheet = (panel, at, [low, high]) => {
    const [left, , right] = panel.room;
    const share = panel.log ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low);
    return left + share * (right - left);
  };
  const toData = (panel, x) => {
    const [left, , right] = panel.room, [low, high] = range(panel);
    const share = Math.min(1, Math.max(0, (x - left) / (right - left)));
    return panel.log ? low * Math.pow(high / low, share) : low + share * (high - low);
  };
  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  };

  const drawTicks = (panel, group) => {
    const shown = range(panel), [left, , right, bottom] = panel.room;
    const whole = shown[0] === panel.x[0] && shown[1] === panel.x[1];
    for (const child of group.children) child.style.display = whole || child.dataset.own ? '' : 'none';
    group.querySelectorAll('[data-own]').forEach(own => own.remove());
    if (whole) return;
    const most = Math.max(2, Math.floor((right - left) / 105));
    const step = STEPS.find(size => (shown[1] - shown[0]) / size <= most) || 86400 * Math.ceil((shown[1] - shown[0]) / 86400 / most);
    const base = panel.time === 'clock' ? (data.drop_ms / 1000 + offset(panel, shown[0])) % 86400 : 0;
    let day = '';
    for (let k = Math.ceil((shown[0] + base) / step - 1e-9); k * step - base <= shown[1] + 1e-9; k++) {
      const at = k * step - base, x = toSheet(panel, at, shown);
      make('path', { d: `M${x} ${bottom}v6`, stroke: 'var(--c-axis)', 'stroke-width': 1.5, 'data-own': 1 }, group);
      const words = (text, down) => { make('text', { x, y: bottom + down, 'text-anchor': 'middle', 'font-size': 16, fill: 'var(--t-subdued)', 'data-own': 1 }, group).textContent = text; };
      words(moment(panel, at, step), 24.8);
      if (days(panel) && step < 86400) {
        const today = onClock(panel, at, 86400);
        if (today !== day) words(today, 43.8);
        day = today;
      }
    }
  };

  const draw = chart => {
    for (const group of chart.svg.querySelectorAll('[data-p]')) {
      const panel = chart.panels[group.dataset.p];
      if (!panel || !panel.time) continue;
      const shown = range(panel), [left, , right] = panel.room;
      const factor = (panel.x[1] - panel.x[0]) / (shown[1] - shown[0]);
      const shift = left * (1 - factor) - (toSheet(panel, shown[0], panel.x) - left) * factor;
      if (group.classList.contains('d')) group.setAttribute('transform', `matrix(${factor} 0 0 1 ${shift} 0)`);
      else if (group.classList.contains('x')) drawTicks(panel, group);
      else if (group.dataset.x) {
        const was = +group.dataset.x, now = was * factor + shift;
        group.setAttribute('transform', `translate(${now - was} 0)`);
        group.style.display = now < left - 1 || now > right + 1 ? 'none' : '';
      }
    }
  };
  const zoomTo = next => {
    const panels = charts.flatMap(chart => chart.panels).filter(panel => panel.time);
    if (!panels.length) return;
    const low = Math.min(...panels.map(panel => panel.x[0])), high = Math.max(...panels.map(panel => panel.x[1]));
    if (next) {
      let [from, until] = next, width = Math.max(until - from, (high - low) / 2000);
      if (width >= (high - low) * .999) next = null;
      else {
        from = Math.min(Math.max(low, from), high - width);
        next = [from, from + width];
      }
    }
    window_ = next;
    charts.forEach(draw);
    if (zoomBox) zoomBox.hidden = false;
    const reset = document.getElementById('whole');
    if (reset) reset.disabled = !window_;
    if (status) status.textContent = window_ ? `${told(panels[0], Math.round(window_[0]))} to ${told(panels[0], Math.round(window_[1]))}` : '';
    unpoint();
  };
  const zoomBy = (factor, around) => {
    const panel = charts.flatMap(chart => chart.panels).find(panel => panel.time);
    if (!panel) return;
    const [low, high] = window_ || panel.x, at = around ?? (low + high) / 2;
    zoomTo([at - (at - low) * factor, at + (high - at) * factor]);
  };

  // The values at a place of the axis: of steps that of the step, of points the nearest.
  const indexAt = (starts, at, steps) => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= at) low = middle; else high = middle - 1;
    }
    if (!steps && low + 1 < starts.length && starts[low + 1] - at < at - starts[low]) low += 1;
    return low;
  };
  const valuesAt = (chart, panel, at) => panel.series.map(series => {
    const grid = chart.grids[series.grid], index = indexAt(grid.at, at, grid.steps);
    const within = !grid.steps || (at >= grid.at[0] && at <= grid.end);
    return { series, at: grid.at[index], value: within ? series.values[index] : null, upper: within && series.upper ? series.upper[index] : null };
  });
  const shownValue = (panel, { value, upper }) => number(value, panel.form) + (upper === null || upper === undefined ? '' : ' to ' + number(upper, panel.form));

  const unpoint = () => {
    document.querySelectorAll('.tip').forEach(tip => tip.remove());
    document.querySelectorAll('.cross').forEach(line => line.remove());
  };
  const crosshair = (chart, panel, at) => {
    const x = toSheet(panel, at, range(panel));
    make('path', { class: 'cross', d: `M${x} ${panel.room[1]}V${panel.room[3]}`, fill: 'none' }, chart.svg);
  };
  const point = (chart, panel, at) => {
    unpoint();
    const found = valuesAt(chart, panel, at).filter(entry => entry.value !== null);
    for (const other of charts) {
      for (const each of other.panels) {
        if (panel.time ? each.time && at >= range(each)[0] && at <= range(each)[1] : each === panel) crosshair(other, each, at);
      }
    }
    const tip = document.createElement('div');
    tip.className = 'tip';
    const head = document.createElement('b');
    // The shortest step is the one that is pointed at.
    const step = found.length ? Math.max(...found.map(entry => entry.at)) : at;
    head.textContent = told(panel, step);
    tip.append(head);
    for (const entry of found) {
      const line = document.createElement('div'), chip = document.createElement('i');
      chip.style.background = entry.series.colour;
      line.append(chip, `${entry.series.name}: ${shownValue(panel, entry)}`);
      tip.append(line);
    }
    chart.box.append(tip);
    const view = chart.svg.viewBox.baseVal, scale = chart.svg.clientWidth / view.width;
    const x = toSheet(panel, at, range(panel)) * scale;
    const visible = chart.box.scrollLeft + chart.box.clientWidth;
    tip.style.left = (x + 14 + tip.offsetWidth > visible ? Math.max(chart.box.scrollLeft, x - 14 - tip.offsetWidth) : x + 14) + 'px';
    tip.style.top = Math.max(0, (panel.room[1] - view.y) * scale + 6) + 'px';
    if (document.activeElement === chart.box) {
      say.textContent = tip.innerText.replace(/\n/g, ', ');
    }
  };
  const say = document.createElement('div');
  say.className = 'hidden';
  say.setAttribute('role', 'status');
  document.body.append(say);

  const place = (chart, event) => {
    const rect = chart.svg.getBoundingClientRect(), view = chart.svg.viewBox.baseVal;
    return [(event.clientX - rect.left) / rect.width * view.width + view.x, (event.clientY - rect.top) / rect.height * view.height + view.y];
  };
  const panelAt = (chart, x, y) => chart.panels.find(({ room: [left, top, right, bottom] }) => x >= left - 4 && x <= right + 4 && y >= top - 8 && y <= bottom + 8);

  for (const chart of charts) {
    const { box, svg } = chart;
    let from = null, brush = null, cursor = null;
    svg.addEventListener('pointermove', event => {
      const [x, y] = place(chart, event), panel = from ? from.panel : panelAt(chart, x, y);
      if (!panel || !panel.series.length) return unpoint();
      const at = toData(panel, x);
      if (from && panel.time && event.buttons === 1) {
        const [left, top, right, bottom] = panel.room, [a, b] = [from.x, Math.min(right, Math.max(left, x))].sort((a, b) => a - b);
        brush = brush || make('rect', { class: 'brush', y: top, height: bottom - top }, svg);
        brush.setAttribute('x', a);
        brush.setAttribute('width', b - a);
      }
      point(chart, panel, at);
      cursor = { panel, at };
    });
    svg.addEventListener('pointerleave', unpoint);
    svg.addEventListener('pointerdown', event => {
      const [x, y] = place(chart, event), panel = panelAt(chart, x, y);
      if (event.pointerType === 'mouse' && event.button === 0 && panel && panel.time) {
        from = { panel, x, at: toData(panel, x) };
        svg.setPointerCapture(event.pointerId);
      }
    });
    const release = event => {
      if (from && brush && event.type === 'pointerup') {
        const at = toData(from.panel, place(chart, event)[0]), [a, b] = [from.at, at].sort((a, b) => a - b);
        zoomTo([a, b]);
      }
      if (brush) brush.remove();
      from = brush = null;
    };
    svg.addEventListener('pointerup', release);
    svg.addEventListener('pointercancel', release);
    svg.addEventListener('dblclick', () => zoomTo(null));
    box.addEventListener('keydown', event => {
      const panels = chart.panels.filter(panel => panel.series.length);
      if (!panels.length || event.ctrlKey || event.metaKey || event.altKey) return;
      let { panel, at } = cursor && panels.includes(cursor.panel) ? cursor : { panel: panels[0], at: null };
      const [low, high] = range(panel);
      const grid = chart.grids[panel.series[0].grid];
      const step = way => {
        const inside = grid.at.filter(start => start >= low - 1e-9 && start <= high);
        if (at === null) return way > 0 ? inside[0] : inside[inside.length - 1];
        return inside[Math.min(inside.length - 1, Math.max(0, indexAt(inside, at, grid.steps) + way))];
      };
      const width = high - low;
      switch (event.key) {
        case 'ArrowRight': at = step(event.shiftKey ? 10 : 1); break;
        case 'ArrowLeft': at = step(event.shiftKey ? -10 : -1); break;
        case 'Home': at = low; break;
        case 'End': at = step(1e9); break;
        case 'ArrowDown': panel = panels[(panels.indexOf(panel) + 1) % panels.length]; at = at ?? range(panel)[0]; break;
        case 'ArrowUp': panel = panels[(panels.indexOf(panel) + panels.length - 1) % panels.length]; at = at ?? range(panel)[0]; break;
        case '+': case '=': if (panel.time) zoomBy(.5, at); event.preventDefault(); return;
        case '-': if (panel.time) zoomBy(2, at); event.preventDefault(); return;
        case 'PageDown': if (window_) zoomTo([low + width / 2, high + width / 2]); event.preventDefault(); return;
        case 'PageUp': if (window_) zoomTo([low - width / 2, high - width / 2]); event.preventDefault(); return;
        case 'Escape': zoomTo(null); cursor = null; return;
        default: return;
      }
      event.preventDefault();
      if (at === undefined || at === null) return;
      cursor = { panel, at };
      point(chart, panel, at);
    });
    box.addEventListener('blur', unpoint);
  }

  // The values of a chart as a table, made when it is opened.
  document.querySelectorAll('figure').forEach((figure, index) => figure.querySelector('details.values')?.addEventListener('toggle', event => {
    const details = event.currentTarget;
    const home = details.querySelector('.tall');
    if (!details.open || home.firstChild) return;
    const chart = charts[index];
    for (const panel of chart.panels.filter(panel => panel.series.length)) {
      const table = document.createElement('table'), head = table.createTHead().insertRow();
      table.createCaption().textContent = panel.name;
      const heading = text => { const cell = document.createElement('th'); cell.scope = 'col'; cell.textContent = text; head.append(cell); };
      heading(panel.time ? 'Time' : panel.xname || 'At');
      if (panel.time) heading('Seconds from the drop');
      panel.series.forEach(series => heading(series.name));
      const starts = [...new Set(panel.series.flatMap(series => chart.grids[series.grid].at))].sort((a, b) => a - b);
      const body = table.createTBody();
      for (const at of starts) {
        const row = body.insertRow();
        row.insertCell().textContent = told(panel, at);
        if (panel.time) row.insertCell().textContent = digits(at, 12);
        for (const series of panel.series) {
          const index = chart.grids[series.grid].at.indexOf(at), cell = row.insertCell();
          const value = index < 0 ? null : series.values[index];
          cell.textContent = shownValue(panel, { value, upper: index < 0 || !series.upper ? null : series.upper[index] });
          if (value !== null) cell.dataset.v = value;
        }
      }
      home.append(table);
      sortable(table);
    }
  }));

  // Tables that sort by any column.
  const sortable = table => table.querySelectorAll('thead th').forEach((heading, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const down = heading.getAttribute('aria-sort') !== 'descending';
      table.querySelectorAll('thead th').forEach(other => other.setAttribute('aria-sort', 'none'));
      heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const key = row => {
        const cell = row.cells[column];
        return cell.dataset.v !== undefined ? +cell.dataset.v : cell.textContent.trim();
      };
      const order = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : typeof a === 'number' ? 1 : typeof b === 'number' ? -1 : a.localeCompare(b);
      const rows = [...table.tBodies[0].rows].map(row => [key(row), row]);
      rows.sort((a, b) => down ? order(b[0], a[0]) : order(a[0], b[0]));
      table.tBodies[0].append(...rows.map(entry => entry[1]));
    });
  });
  document.querySelectorAll('table.sorts').forEach(sortable);

  // Themes and zoom by buttons.
  const theme = document.getElementById('theme');
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  theme.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; });
  for (const [id, act] of [['in', () => zoomBy(.5)], ['out', () => zoomBy(2)], ['whole', () => zoomTo(null)]]) {
    document.getElementById(id).addEventListener('click', act);
  }
  document.querySelector('.bar').hidden = false;
  zoomBox.hidden = !charts.some(chart => chart.panels.some(panel => panel.time));
  addEventListener('beforeprint', () => zoomTo(null));
  if (data.part) zoomTo(data.part);
})();

// Pages of results in a browser: what they say, how they are read, and what they ask of the world, which is nothing.
//
// Usage: node pages.mjs PROGRAM FOLDER CHROMIUM

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [program, folder, executablePath] = process.argv.slice(2);
const TITLE = 'A "title" with <b>markup</b>, <script>window.hacked = 1</script> & 🎬 l\'été';

// Ten minutes of a day.
const LONG = `title = ${JSON.stringify(TITLE)}
start = 2026-03-01T00:00:00Z
drop = 2026-03-01T20:00:00Z
end = 2026-03-02T00:00:00Z
interval = "1 min"
[audience.crowd]
rate = "2/s"
journey = "visit"
[journey.visit]
steps = [{ request = "api" }]
[pool.api]
servers = 2
service = "50 ms"
[[change]]
at = "+0 s"
set = { "pool.api.servers" = 0 }
[[change]]
at = "+10 min"
set = { "pool.api.servers" = 2 }
[client.app]
timeout = "5 s"
`;

function run(...args) {
  const done = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  // 99 says that a threshold did not hold.
  assert.ok([0, 99].includes(done.status), `${args.join(' ')}: ${done.status}\n${done.stderr}`);
}

function leave() {
  mkdirSync(folder, { recursive: true });
  run('new', 'a.toml');
  const text = readFileSync(join(folder, 'a.toml'), 'utf8');
  const titled = text.replace(/^title = .*$/m, `title = ${JSON.stringify(TITLE)}`);
  assert.notEqual(titled, text);
  writeFileSync(join(folder, 'a.toml'), titled);
  const pool = /^\[pool\.(\w+)\]/m.exec(titled)[1];
  const servers = Number(new RegExp(`\\[pool\\.${pool}\\][^[]*?^servers = (\\d+)`, 'ms').exec(titled)[1]);
  writeFileSync(join(folder, 'b.toml'), titled.replace(`servers = ${servers}`, `servers = ${servers * 2}`));
  run('compare', 'a.toml', 'b.toml', '--replications', '3', '--out', 'compared', '--quiet');
  run('run', 'a.toml', '--out', 'alone', '--quiet');
  const plan = `title = ${JSON.stringify(TITLE)}\nscenario = "a.toml"\nreplications = 2\nscale = 0.1\nforce_scale = true\n[vary]\n"pool.${pool}.servers" = [${servers}, ${servers * 2}, ${servers * 4}]\n`;
  writeFileSync(join(folder, 'plan.toml'), plan);
  run('sweep', 'plan.toml', '--out', 'swept', '--quiet');
  const levers = `title = ${JSON.stringify(TITLE)}\nscenario = "a.toml"\nscale = 0.1\nforce_scale = true\nunit_of_cost = "servers"\n[[lever]]\npath = "pool.${pool}.servers"\nvalues = [${servers}, ${servers * 2}]\ncost = [0, ${servers}]\n`;
  writeFileSync(join(folder, 'levers.toml'), levers);
  run('find', 'levers.toml', '--search', '--at-most', '8', '--out', 'searched', '--quiet');
  writeFileSync(join(folder, 'long.toml'), LONG);
  run('run', 'long.toml', '--out', 'alone', '--quiet');
  return {
    long: join(folder, 'alone/long/report.html'),
    run: join(folder, 'alone/a/report.html'),
    replicated: join(folder, 'compared/a/report.html'),
    comparison: join(folder, 'compared/report.html'),
    sweep: join(folder, 'swept/plan/report.html'),
    search: join(folder, 'searched/levers-search/report.html'),
  };
}

// Rows of a table as objects.
function table(file) {
  const [head, ...rows] = readFileSync(file, 'utf8').trim().split('\n').map(line => line.split(','));
  return rows.map(row => Object.fromEntries(head.map((name, index) => [name, row[index]])));
}

const near = (a, b) => Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b), 1e-9);

async function open(browser, file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme: 'light', ...options });
  const page = await context.newPage(), said = [], asked = [];
  page.on('console', message => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => said.push(`error: ${error.message}`));
  page.on('request', request => asked.push(request.url()));
  await context.setOffline(true);
  const address = pathToFileURL(file).href;
  await page.goto(address);
  return { page, close: async () => {
    assert.deepEqual(said, [], `${file} writes to the console`);
    assert.deepEqual([...new Set(asked.map(url => url.split('#')[0]))], [address], `${file} asks for more than itself`);
    await context.close();
  } };
}

const tests = {
  async 'a page is small, quiet, alone, and has a title that is text'(browser, files) {
    for (const [kind, file] of Object.entries(files)) {
      assert.ok(statSync(file).size <= 1 << 20, `${kind} has ${statSync(file).size} bytes`);
      const { page, close } = await open(browser, file);
      if (kind !== 'comparison') {
        assert.equal(await page.title(), TITLE);
        assert.equal(await page.locator('h1').textContent(), TITLE);
      }
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      assert.ok(await page.locator('figure svg').count() > 0, `${kind} has no chart`);
      assert.equal(await page.locator('.bar').isVisible(), true);
      await close();
    }
  },

  async 'values of charts equal those of the table'(browser, { run: file }) {
    const { page, close } = await open(browser, file);
    const rows = table(file.replace('report.html', 'intervals.csv')).filter(row => row.scope === 'all');
    const width = Number(rows[1].time_s) - Number(rows[0].time_s);
    const chart = page.locator('#chart-error-rate');
    await chart.locator('summary').click();
    const shown = await chart.locator('details.values table').evaluateAll(tables => tables.map(table => ({
      names: [...table.tHead.rows[0].cells].map(cell => cell.textContent),
      rows: [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.dataset.v ?? cell.textContent)),
    })));
    let compared = 0;
    const compare = (name, value) => {
      for (const table of shown.filter(table => table.names.includes(name))) {
        const column = table.names.indexOf(name);
        for (const row of table.rows.filter(row => row[column] !== '–')) {
          const of = rows.find(known => near(Number(known.time_s), Number(row[1].replace('−', '-'))));
          assert.ok(of, `${row[1]} is no interval`);
          assert.ok(near(Number(row[column]), value(of)), `${name} at ${row[1]}: ${row[column]} is not ${value(of)}`);
          compared += 1;
        }
      }
    };
    compare('all failures', row => Number(row.error_rate));
    compare('timed out', row => Number(row.timed_out) / Number(row.ended));
    compare('Attempts sent per second', row => Number(row.attempts) / width);
    assert.ok(compared > rows.length, `${compared} values compared: ${JSON.stringify(shown.map(table => table.names))}`);
    await close();
  },

  async 'tables hold the figures of the summary, and sort'(browser, { run: file }) {
    const { page, close } = await open(browser, file);
    const summary = JSON.parse(readFileSync(file.replace('report.html', 'summary.json'), 'utf8'));
    await page.evaluate(() => document.querySelectorAll('details').forEach(details => { details.open = true; }));
    const section = page.locator('section', { has: page.locator('h2', { hasText: 'Every figure' }) });
    const told = await section.locator('tbody tr').evaluateAll(rows => rows.map(row => [row.cells[0].textContent, row.cells[1].dataset.v]));
    assert.ok(told.length > 30);
    for (const [name, value] of told.filter(([, value]) => value !== undefined)) {
      const known = name.split('.').reduce((tree, key) => tree[key], summary);
      assert.ok(near(Number(value), known.mean), `${name}: ${value} is not ${known.mean}`);
    }
    const pools = page.locator('section', { has: page.locator('h2', { hasText: 'Pools' }) });
    const heading = section.locator('th', { hasText: 'Value' });
    const values = () => section.locator('tbody tr').evaluateAll(rows => rows.map(row => row.cells[1].dataset.v).filter(value => value !== undefined).map(Number));
    await heading.locator('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await values(), (await values()).sort((a, b) => b - a));
    await heading.locator('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(await values(), (await values()).sort((a, b) => a - b));
    assert.ok(await pools.locator('tbody tr').count() > 0);
    await close();
  },

  async 'the pointer shows values, and a drag zooms every chart'(browser, { run: file }) {
    const { page, close } = await open(browser, file);
    const svg = page.locator('#chart-error-rate svg').last();
    await svg.scrollIntoViewIfNeeded();
    const box = await svg.boundingBox();
    const at = share => [box.x + box.width * (112 + share * 1264) / 1600, box.y + box.height * 0.3];
    await page.mouse.move(...at(0.5));
    assert.match(await page.locator('.tip').textContent(), /\d\d:\d\d.*%/);
    assert.ok(await page.locator('.cross').count() >= await page.locator('figure').count(), 'the crosshair is not in every chart');
    await page.mouse.move(...at(0.4));
    await page.mouse.down();
    await page.mouse.move(...at(0.5));
    await page.mouse.move(...at(0.6));
    await page.mouse.up();
    const moves = await page.locator('g.d').evaluateAll(groups => groups.filter(group => group.transform.baseVal.length).map(group => group.transform.baseVal[0].matrix.a.toFixed(3)));
    assert.ok(moves.length > 3 && new Set(moves).size === 1 && /^[45]/.test(moves[0]), moves.join(' '));
    assert.match(await page.locator('#status').textContent(), / to /);
    await page.locator('#whole').click();
    assert.match(await page.locator('g.d').first().getAttribute('transform'), /^matrix\(1 0 0 1 0 0\)$/);
    assert.equal(await page.locator('#whole').isDisabled(), true);
    await close();
  },

  async 'a long run opens with the part in which something happens'(browser, { long: file, run: other }) {
    const { page, close } = await open(browser, file);
    const factor = () => page.locator('#chart-error-rate g.d').first().evaluate(group => group.transform.baseVal[0].matrix.a);
    assert.ok(await factor() > 5, `${await factor()} times`);
    assert.match(await page.locator('#status').textContent(), /^.*19:\d\d to .*20:\d\d$/);
    await page.locator('#whole').click();
    assert.equal(await factor(), 1);
    await close();
    const whole = await open(browser, other);
    assert.equal(await whole.page.locator('#status').textContent(), '');
    await whole.close();
  },

  async 'the keyboard reaches everything, and reads charts aloud'(browser, files) {
    for (const file of Object.values(files)) {
      const { page, close } = await open(browser, file);
      await page.evaluate(() => document.querySelectorAll('details').forEach(details => { details.open = true; }));
      // Tables of values are filled when they are opened; the chart of a search has none.
      await page.waitForFunction(() => {
        const homes = [...document.querySelectorAll('details.values .tall')];
        return homes.every(home => home.firstChild);
      });
      const wanted = await page.evaluate(() => {
        const all = [...document.querySelectorAll('a[href], button:not(:disabled), summary, [tabindex="0"]')];
        const reached = all.filter(element => element.checkVisibility());
        reached.forEach((element, index) => { element.dataset.wanted = index; });
        return reached.length;
      });
      const met = new Set();
      for (let press = 0; press < wanted + 5; press++) {
        await page.keyboard.press('Tab');
        met.add(await page.evaluate(() => document.activeElement.dataset.wanted));
      }
      met.delete(undefined);
      assert.equal(met.size, wanted, `${file}: ${met.size} of ${wanted} are reached`);
      await close();
    }
    const { page, close } = await open(browser, files.run);
    const chart = page.locator('#chart-error-rate .chart');
    await chart.focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight');
    const said = page.locator('.hidden[role="status"]');
    const third = await said.textContent();
    assert.match(third, /\d\d:\d\d.*%/);
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(await said.textContent(), third);
    await page.keyboard.press('+');
    assert.match(await page.locator('g.d').first().getAttribute('transform'), /matrix\(2 /);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#whole').isDisabled(), true);
    await close();
  },

  async 'charts, tables and regions have names for a screen reader'(browser, files) {
    for (const file of Object.values(files)) {
      const { page, close } = await open(browser, file);
      const nameless = await page.evaluate(() => [...document.querySelectorAll('svg[role="img"], [role="group"], [role="region"], [role="toolbar"], section, nav')]
        .filter(element => !(element.getAttribute('aria-label') || document.getElementById(element.getAttribute('aria-labelledby') || '')?.textContent)).map(element => element.outerHTML.slice(0, 100)));
      assert.deepEqual(nameless, []);
      assert.equal(await page.locator('table:not(:has(caption))').count(), 0);
      assert.equal(await page.locator('thead th:not([scope])').count(), 0);
      assert.equal(await page.locator('h1').count(), 1);
      const levels = await page.locator('h1, h2, h3').evaluateAll(all => all.map(heading => Number(heading.tagName[1])));
      assert.ok(levels.every((level, index) => index === 0 || level <= levels[index - 1] + 1), levels.join(' '));
      const ids = await page.locator('[id]').evaluateAll(all => all.map(element => element.id));
      assert.equal(new Set(ids).size, ids.length, 'an id stands twice');
      await close();
    }
  },

  async 'dark and light, by the system and by the button'(browser, { run: file }) {
    const { page, close } = await open(browser, file, { colorScheme: 'dark' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const text = () => page.evaluate(() => getComputedStyle(document.querySelector('figure svg text')).fill);
    const dark = [await ground(), await text()];
    assert.equal(dark[0], 'rgb(18, 23, 29)');
    await page.locator('#theme').click();
    const light = [await ground(), await text()];
    assert.equal(light[0], 'rgb(255, 255, 255)');
    assert.notEqual(light[1], dark[1]);
    await page.locator('#theme').click();
    assert.deepEqual([await ground(), await text()], dark);
    await close();
  },

  async 'a phone reads it'(browser, files) {
    for (const file of Object.values(files)) {
      const { page, close } = await open(browser, file, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390, `${file} is wider than a phone`);
      const smallest = await page.locator('figure .chart text').evaluateAll(all => Math.min(...all.filter(text => !text.closest("[style*=\"display: none\"]")).map(text => text.getBoundingClientRect().height)));
      assert.ok(smallest >= 9, `letters of ${smallest} px`);
      const rights = await page.locator('.figures li').evaluateAll(all => all.map(figure => figure.getBoundingClientRect().right));
      assert.ok(rights.every(right => right <= 390), `key figures end at ${rights} px`);
      assert.ok(file !== files.run || rights.length >= 5, `${rights.length} key figures`);
      await close();
    }
  },

  async 'it prints on A4'(browser, files) {
    for (const file of Object.values(files)) {
      // Sheets of A4 without their margins, and the charts that stand on each.
      const sheets = [[733, 1062, '#chart-overview'], [1062, 733, 'figure:not(#chart-overview)']];
      for (const [width, height, charts] of sheets) {
        const { page, close } = await open(browser, file, { viewport: { width, height } });
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        assert.equal(await page.locator('.bar').isVisible(), false);
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
        const wide = await page.evaluate(charts => [...document.querySelectorAll(`${charts} svg, h1, .verdict`)].filter(element => element.getBoundingClientRect().right > innerWidth + 1).length, charts);
        assert.equal(wide, 0, `${file}: something is cut on paper`);
        const points = await page.locator(`:is(${charts}) .chart text`).evaluateAll(all => all.map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d * 0.75));
        assert.ok(Math.min(...points) >= 6, `${file}: letters of ${Math.min(...points)} points on paper`);
        const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
        assert.ok(pdf.length > 10_000 && (pdf.toString('latin1').match(/\/Type \/Page\b/g) || []).length >= 1);
        await close();
      }
    }
  },

  async 'without a script it says the same'(browser, { run: file }) {
    const { page, close } = await open(browser, file, { javaScriptEnabled: false });
    assert.ok(await page.locator('figure svg').first().isVisible());
    assert.ok((await page.locator('.verdict').textContent()).length > 20);
    assert.equal(await page.locator('.bar').isVisible(), false);
    await close();
  },
};

const files = leave();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test(browser, files);
    console.log(`ok  ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED  ${name}\n${error.message}`);
  }
}
await browser.close();
process.exit(failed ? 1 : 0);

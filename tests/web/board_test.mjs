// The public board in a real browser: node board_test.mjs PATH_OF_web_board_fixture
// Nothing here waits for a moment, only for what the page shows; where the page itself waits, its
// clock is turned forward.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { Board, hall, launchBrowser } from './browser.mjs';

const program = process.argv[2];
let browser;
let board;
let page;
let complaints;

before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

beforeEach(async () => {
  board = await Board.start(program);
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  await board.kill();
});

const text = (id) => page.locator('#' + id).textContent();
const shows = (id, wanted) =>
  page.waitForFunction(([i, w]) => document.getElementById(i).textContent === w, [id, wanted]);
const bannerIs = (hidden) =>
  page.waitForFunction((h) => document.getElementById('lost').hidden === h, hidden);
const rows = () =>
  page.$$eval('#waiting .agency-row', (all) =>
    all.map((row) => Array.from(row.children).map((part) => part.textContent)));

// From here on the page's clock stands, but for page.clock.runFor().
async function holdClock() {
  await page.clock.install({ time: new Date('2026-01-05T08:00:00') });
  await page.clock.pauseAt(new Date('2026-01-05T08:05:00'));
}

async function open(view) {
  board.publish(view);
  await page.goto(board.url);
  await shows('site', view.site);
}

test('the page shows the calls and who waits', async () => {
  await holdClock();
  await open(hall(['Dukcapil', 'PUPR']));
  assert.equal(await text('place'), 'Kabupaten Jombang');
  assert.equal(await text('newest-label'), 'A-025');
  assert.equal(await text('newest-counter'), 'Loket 3');
  assert.equal(await text('newest-agency'), 'Dukcapil');
  assert.equal(await text('clock'), '08.05');
  assert.deepEqual(
    await page.$$eval('#earlier .call', (all) => all.map((row) => row.textContent)),
    ['B-007Loket 5PUPR']);
  assert.deepEqual(await rows(), [['Dukcapil', '–', '0'], ['PUPR', 'B-001', '1']]);
  assert.equal(await page.locator('.flash').count(), 0, 'old calls are not news');
  assert.deepEqual(complaints, []);
});

test('a hall before its first call says so', async () => {
  await open({ site: 'Mal', place: 'Jember' });
  assert.ok(await page.getByText('Belum ada panggilan').isVisible());
  assert.ok(await page.getByText('Belum ada antrean').isVisible());
  assert.equal(await page.locator('#newest-label').isVisible(), false);
  const widthOf = async (what) => (await page.locator(what).boundingBox()).width;
  assert.equal(await widthOf('#newest'), await widthOf('.calls'), 'no gap beside what it says');
});

test('the clock is that of the hall, wherever the screen thinks it is', async () => {
  await page.close();
  page = await browser.newPage({ timezoneId: 'America/New_York' });
  await page.clock.install({ time: new Date('2026-01-05T01:00:00Z') });
  await page.clock.pauseAt(new Date('2026-01-05T01:05:00Z'));
  await open({ site: 'Mal', zone: 'Asia/Jakarta' });
  await shows('clock', '08.05');
  await page.clock.runFor(16 * 3600 * 1000);
  await shows('clock', '00.05');
  await page.close();
  page = await browser.newPage({ timezoneId: 'Asia/Jayapura' });
  await page.clock.install({ time: new Date('2026-01-05T01:05:00Z') });
  await open({ site: 'Mal', zone: 'No/Such' });
  await shows('clock', '10.05');
});

test('a new call appears, flashes and is announced; so does the same number again', async () => {
  await holdClock();
  const view = hall(['Dukcapil', 'PUPR']);
  await open(view);
  const call = { label: 'B-008', counter: 'Loket 5', agency: 'PUPR', again: false, seq: 13 };
  view.calls.unshift(call);
  board.publish(view);
  await shows('newest-label', 'B-008');
  assert.equal(await page.locator('#newest.flash').count(), 1);
  assert.equal(await text('spoken'), 'Nomor B-008, Loket 5, PUPR.');
  assert.equal(await page.locator('#earlier .call').first().textContent(), 'A-025Loket 3Dukcapil');

  await page.clock.runFor(10000);
  await page.waitForFunction(() => document.querySelectorAll('.flash').length === 0);

  view.calls[0] = { ...call, again: true, seq: 14 };
  board.publish(view);
  await shows('newest-caption', 'Panggilan ulang');
  assert.equal(await page.locator('#newest.flash').count(), 1);
  assert.deepEqual(complaints, []);
});

test('names from outside stay text', async () => {
  const hostile = [
    '<img src=x onerror="window.hacked=1">',
    '</p><script>window.hacked=1</script>',
    '"\'&amp;&lt;\u2028\\u003cb\n\ndata: {}',
    'javascript:window.hacked=1',
  ];
  const view = hall(hostile, { site: hostile[0], place: hostile[1] });
  view.calls = hostile.map((name, i) =>
    ({ label: name, counter: name, agency: name, again: false, seq: i }));
  await open(view);
  assert.equal(await text('place'), hostile[1]);
  assert.equal(await text('newest-label'), hostile[0]);
  assert.equal(await text('newest-agency'), hostile[0]);
  assert.deepEqual((await rows()).map((row) => row[0]), hostile);
  const strange = 'body img, body script, body b, body a, body iframe';
  assert.equal(await page.locator(strange).count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(complaints, []);
});

test('forty agencies are shown page by page, none cut off', async () => {
  await holdClock();
  await page.setViewportSize({ width: 1280, height: 720 });
  const names = Array.from({ length: 40 }, (_, i) => `Instansi ${i + 1}`);
  await open(hall(names));
  const seen = [];
  const pages = await page.locator('#pages .dot').count();
  assert.ok(pages > 1 && pages <= 6, `${pages} pages`);
  for (let i = 0; i < pages; ++i) {
    const list = await page.locator('#waiting').boundingBox();
    for (const row of await page.locator('#waiting .agency-row').all()) {
      const box = await row.boundingBox();
      assert.ok(box.y >= list.y - 1 && box.y + box.height <= list.y + list.height + 1);
      assert.ok(box.height >= 720 * 0.06, 'rows stay large enough to read');
    }
    const shown = (await rows()).map((row) => row[0]);
    seen.push(...shown);
    await page.clock.runFor(8500);
    await page.waitForFunction((first) =>
      document.querySelector('#waiting .name').textContent !== first, shown[0]);
  }
  assert.deepEqual(seen, names);
  assert.equal((await rows())[0][0], 'Instansi 1', 'it begins anew');
});

test('the page fits every screen', async () => {
  const sizes = [[1920, 1080], [1280, 720], [3840, 2160], [1024, 768], [1080, 1920], [360, 740]];
  const view = hall(Array.from({ length: 40 }, (_, i) => `Dinas Kependudukan ${i}`));
  view.calls[0] = { label: 'DKC-125', counter: 'Loket Prioritas Lansia 12',
    agency: 'Dinas Kependudukan dan Pencatatan Sipil', again: true, seq: 20 };
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await open(view);
    const scroll = await page.evaluate(() => {
      const all = document.scrollingElement;
      return { wide: all.scrollWidth > all.clientWidth, high: all.scrollHeight > all.clientHeight };
    });
    const size = `${width}x${height}`;
    assert.equal(scroll.wide, false, size);
    assert.equal(scroll.high, width < 700, `${size}: a phone scrolls, a television must not`);
    const outer = await page.locator('#newest').boundingBox();
    for (const id of ['newest-label', 'newest-counter', 'newest-agency']) {
      const box = await page.locator('#' + id).boundingBox();
      assert.ok(box.x >= outer.x && box.x + box.width <= outer.x + outer.width, `${size} ${id}`);
      assert.ok(box.y >= outer.y && box.y + box.height <= outer.y + outer.height, `${size} ${id}`);
      // A line of large type is a little higher than its box; a line left out is a whole one.
      const cut = await page.$eval('#' + id, (e) =>
        e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight * 1.3);
      assert.equal(cut, false, `${size} ${id} is cut off`);
    }
    const count = await page.locator('#waiting .agency-row').count();
    if (width < 700) assert.equal(count, 40, 'a phone lists them all');
  }
});

test('a killed controller is said aloud, until it is back with fresh data', async () => {
  await open(hall(['Dukcapil']));
  assert.equal(await page.locator('#lost').isVisible(), false);
  await board.kill();
  await bannerIs(false);
  assert.ok(await page.locator('#lost').isVisible());
  assert.match((await text('lost')).replace(/\s+/g, ' '),
    /Layar ini terputus dari pengendali — nomor mungkin sudah tidak berlaku\. Perhatikan panggilan petugas\. Terputus sejak \d\d\.\d\d/);
  assert.ok(await page.evaluate(() =>
    Number(getComputedStyle(document.getElementById('board')).opacity) < 0.5));

  const connected = page.waitForResponse(/events/);
  board = await Board.start(program, board.port);
  await connected;
  await page.evaluate(() => new Promise((heard) => source.addEventListener('beat', heard)));
  // It is back, but has no view yet: what hangs there is still the old one.
  assert.ok(await page.locator('#lost').isVisible());
  const view = hall(['Dukcapil']);
  view.calls.unshift({ label: 'A-026', counter: 'Loket 1', agency: 'Dukcapil', seq: 30 });
  board.publish(view);
  await bannerIs(true);
  assert.equal(await text('newest-label'), 'A-026');
  assert.equal(await page.locator('#newest.flash').count(), 1, 'called while nobody could see it');
});

test('a line that is merely silent is noticed too', async () => {
  await holdClock();
  await open(hall(['Dukcapil']));
  assert.equal(await page.locator('#lost').isVisible(), false);
  board.signal('SIGSTOP');
  // A beat may still have been on its way and count as heard now.
  while (!(await page.locator('#lost').isVisible())) await page.clock.runFor(13000);
  board.signal('SIGCONT');
  await bannerIs(true);
});

test('a refusal is not the end: the page asks again by itself', async () => {
  await open(hall(['Dukcapil']));
  await board.kill();
  const asked = await new Promise((resolve, reject) => {
    const other = createServer((request, response) => {
      response.writeHead(503).end();
      if (request.url === '/favicon.ico') return; // the browser's own idea, some time after a load
      other.close(() => resolve(request.url));
      other.closeAllConnections();
    });
    other.once('error', reject);
    other.listen(board.port, '127.0.0.1');
  });
  assert.equal(asked, '/board/events');
  board = await Board.start(program, board.port);
  board.publish(hall(['Dukcapil'], { place: 'Tanjung Jabung Barat' }));
  await shows('place', 'Tanjung Jabung Barat');
  await bannerIs(true);
});

// The public board: shows the views that the controller pushes, and says so loudly when it no
// longer hears from it. All text from outside is put in as text, never as markup. Written for the
// old browsers that televisions have: no module, no syntax younger than 2017.
'use strict';

const silenceMs = 12000; // the controller speaks at least every 5 s
const retryMs = 3000; // between attempts, when the browser has given up by itself
const flashMs = 8000;
const pageMs = 8000; // how long one page of a long list of agencies stays

const byId = (id) => document.getElementById(id);

// Steady: the clock of a television may jump by years when it finds the time.
const steadyMs = () => performance.now();

// In the hall's zone: a screen may be set to another one, or to none.
let zone = undefined;
const inHall = (date, parts) => date.toLocaleString('id-ID', Object.assign({ timeZone: zone }, parts));
const dayText = (date) => inHall(date, { day: 'numeric', month: 'long' });
const clockText = (date) =>
  inHall(date, { hour: '2-digit', minute: '2-digit', hour12: false }).replace(':', '.').replace('24.', '00.');

function setZone(name) {
  try {
    new Date().toLocaleString('id-ID', { timeZone: name });
    zone = name;
  } catch (error) {
    zone = undefined; // an old browser that does not know it shows its own
  }
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// Makes a line of text as small as it takes to be seen whole, but no smaller than that share of
// its size. True when that was enough.
function fit(element, least) {
  element.style.fontSize = '';
  const room = element.clientWidth;
  const need = element.scrollWidth;
  if (room === 0 || need <= room) return true;
  const size = parseFloat(getComputedStyle(element).fontSize);
  const wanted = (size * room) / need - 0.5; // widths are told in whole pixels
  element.style.fontSize = Math.max(size * least, wanted) + 'px';
  return wanted >= size * least;
}

// A name that would get much smaller than its neighbours takes a second line instead.
function fitName(element) {
  element.classList.remove('long');
  if (fit(element, 0.8)) return;
  element.style.fontSize = '';
  element.classList.add('long');
}

// ---- calls

let shownSeqs = null; // of the calls on the screen; null until the first view
const flashUntil = new Map(); // seq of a call -> when its flash ends

function noteNewCalls(calls) {
  const now = steadyMs();
  // What hung there when the screen was switched on is not news.
  const fresh = shownSeqs === null ? [] : calls.filter((call) => !shownSeqs.has(call.seq));
  for (const call of fresh) flashUntil.set(call.seq, now + flashMs);
  shownSeqs = new Set(calls.map((call) => call.seq));
  for (const seq of flashUntil.keys()) {
    if (!shownSeqs.has(seq)) flashUntil.delete(seq);
  }
  if (fresh.length === 0) return;
  const spoken = fresh
    .slice()
    .reverse()
    .map((call) => 'Nomor ' + call.label + ', ' + call.counter + ', ' + call.agency + '.');
  put(byId('spoken'), spoken.join(' '));
}

function flashes(call) {
  const until = flashUntil.get(call.seq);
  return until !== undefined && steadyMs() < until;
}

// Elements are made anew only when their call is another: a flash must not start over because
// some other number changed.
function showCalls(calls) {
  const newest = byId('newest');
  const call = calls[0];
  newest.classList.toggle('none', call === undefined);
  put(byId('newest-empty'), 'Belum ada panggilan');
  if (call !== undefined) {
    put(byId('newest-caption'), call.again ? 'Panggilan ulang' : 'Panggilan');
    newest.classList.toggle('again', call.again);
    put(byId('newest-label'), call.label);
    put(byId('newest-counter'), call.counter);
    put(byId('newest-agency'), call.agency);
    if (newest.dataset.seq !== String(call.seq)) {
      newest.classList.remove('flash');
      void newest.offsetWidth; // so that the next flash starts from its beginning
    }
    newest.dataset.seq = call.seq;
    fit(byId('newest-label'), 0.3);
    fitName(byId('newest-counter'));
    fitName(byId('newest-agency'));
  }

  const list = byId('earlier');
  const kept = new Map(Array.from(list.children).map((row) => [row.dataset.key, row]));
  list.textContent = '';
  for (const earlier of calls.slice(1)) {
    const key = JSON.stringify(earlier);
    let row = kept.get(key);
    if (row === undefined) {
      row = make('li', 'call');
      row.dataset.key = key;
      row.dataset.seq = earlier.seq;
      row.appendChild(make('span', 'label', earlier.label));
      row.appendChild(make('span', 'counter', earlier.counter));
      row.appendChild(make('span', 'agency', earlier.agency));
    }
    list.appendChild(row);
    fit(row.children[0], 0.3);
    fitName(row.children[1]);
    fitName(row.children[2]);
  }
  showFlashes();
}

function showFlashes() {
  const flashing = (element) =>
    element.classList.toggle('flash', flashes({ seq: Number(element.dataset.seq) }));
  flashing(byId('newest'));
  Array.from(byId('earlier').children).forEach(flashing);
}

// ---- waiting

let agencies = [];
let page = 0;
let pageTurnedAt = 0;

// How many rows fit without becoming too small to read from afar; all of them where the page
// scrolls, as on a phone.
function rowsThatFit(list) {
  if (getComputedStyle(list).getPropertyValue('--paged').trim() !== '1') return agencies.length;
  const row = list.firstElementChild || list.appendChild(make('li', 'agency-row'));
  const least = parseFloat(getComputedStyle(row).minHeight);
  return Math.max(1, Math.floor(list.clientHeight / least));
}

function showWaiting() {
  const list = byId('waiting');
  const dots = byId('pages');
  const perScreen = Math.max(1, rowsThatFit(list));
  const pages = Math.max(1, Math.ceil(agencies.length / perScreen));
  const perPage = Math.ceil(agencies.length / pages); // even pages, no last one with a single row
  if (page >= pages) page = 0;

  list.textContent = '';
  for (const agency of agencies.slice(page * perPage, (page + 1) * perPage)) {
    const row = make('li', agency.waiting > 0 || agency.serving ? 'agency-row' : 'agency-row idle');
    row.appendChild(make('span', 'name', agency.agency));
    row.appendChild(make('span', agency.serving ? 'serving' : 'serving none', agency.serving || '–'));
    row.appendChild(make('span', agency.waiting > 0 ? 'count' : 'count none', String(agency.waiting)));
    list.appendChild(row);
  }
  for (const row of Array.from(list.children)) {
    fitName(row.children[0]);
    fit(row.children[1], 0.3);
    fit(row.children[2], 0.3);
  }

  dots.textContent = '';
  for (let i = 0; pages > 1 && i < pages; ++i) {
    dots.appendChild(make('span', i === page ? 'dot now' : 'dot'));
  }
  byId('waiting-empty').hidden = agencies.length > 0 || shownSeqs === null;
}

function turnPage() {
  if (steadyMs() - pageTurnedAt < pageMs) return;
  pageTurnedAt = steadyMs();
  ++page;
  showWaiting();
}

// ---- the view

let view = null;

function showClock() {
  put(byId('clock'), clockText(new Date()));
}

function showView() {
  put(byId('site'), view.site);
  put(byId('place'), view.place);
  fit(byId('site'), 0.6);
  if (view.site !== '') document.title = 'Antrean – ' + view.site;
  agencies = view.waiting;
  showCalls(view.calls);
  showWaiting();
}

// ---- the line to the controller

let source = null;
let attemptAt = 0;
let current = false; // this connection has brought a view: a beat alone says nothing about the data
let heardAt = steadyMs();
let heardOn = new Date();
let pageVersion = null;

function heard() {
  heardAt = steadyMs();
  heardOn = new Date();
  byId('lost').hidden = true;
  document.body.classList.remove('stale');
}

function lose() {
  const lost = byId('lost');
  if (!lost.hidden) return;
  const today = dayText(heardOn) === dayText(new Date());
  const day = today ? '' : dayText(heardOn) + ' ';
  put(byId('lost-since'), 'Terputus sejak ' + day + clockText(heardOn));
  document.body.classList.add('stale');
  lost.hidden = false;
}

function connect() {
  if (source !== null) source.close();
  attemptAt = steadyMs();
  current = false;
  source = new EventSource('/board/events');
  source.addEventListener('view', (event) => {
    view = JSON.parse(event.data);
    setZone(view.zone);
    showClock();
    noteNewCalls(view.calls);
    showView();
    current = true;
    heard();
  });
  source.addEventListener('beat', () => {
    if (current) heard();
  });
  source.addEventListener('page', (event) => {
    // The controller has been replaced by one with another page: a screen that nobody touches for
    // months has to fetch it by itself.
    if (pageVersion !== null && pageVersion !== event.data) location.reload();
    pageVersion = event.data;
  });
  source.addEventListener('error', () => {
    current = false;
    lose();
  });
}

// The browser connects again by itself after a broken line, but not after a refusal, and it does
// not notice a line that is merely silent.
function watchLine() {
  const now = steadyMs();
  if (now - heardAt > silenceMs) lose();
  if (byId('lost').hidden) return;
  const sinceAttempt = now - attemptAt;
  const gaveUp = source.readyState === EventSource.CLOSED && sinceAttempt > retryMs;
  if (gaveUp || sinceAttempt > silenceMs) connect();
}

function tick() {
  showClock();
  showFlashes();
  turnPage();
  watchLine();
}

let resizing = 0;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    if (view !== null) showView();
  }, 100);
});
pageTurnedAt = steadyMs();
connect();
tick();
setInterval(tick, 500);

// What the board's browser test stands on: the fixture that serves scripted views, and a browser.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

export async function launchBrowser() {
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: install the package chromium`);
  }
  return chromium.launch({
    executablePath,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

// The real server with views from this script.
export class Board {
  static async start(program, port = 0) {
    const board = new Board();
    board.process = spawn(program, [String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    board.process.stdin.on('error', () => {}); // it may be killed while something is written
    board.ended = new Promise((resolve) => board.process.once('exit', resolve));
    const lines = createInterface({ input: board.process.stdout });
    board.port = await Promise.race([
      new Promise((resolve) => lines.once('line', (line) => resolve(Number(line.split(' ')[1])))),
      board.ended.then(() => Promise.reject(new Error(`${program} ended before it listened`))),
    ]);
    return board;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/board`;
  }

  publish(view) {
    this.process.stdin.write(JSON.stringify(view) + '\n');
  }

  signal(name) {
    this.process.kill(name);
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

export function hall(agencyNames, extra = {}) {
  return {
    version: 1,
    site: 'Mal Pelayanan Publik',
    place: 'Kabupaten Jombang',
    calls: [
      { label: 'A-025', counter: 'Loket 3', agency: 'Dukcapil', again: false, seq: 12 },
      { label: 'B-007', counter: 'Loket 5', agency: 'PUPR', again: false, seq: 11 },
    ],
    waiting: agencyNames.map((agency, i) => ({ agency, waiting: i, serving: i ? `B-00${i}` : '' })),
    ...extra,
  };
}

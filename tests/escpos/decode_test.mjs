// Reads every golden paper with a decoder that somebody else has written (npos), and its picture
// with a scanner of symbols (zbar): decode_test.mjs FOLDER
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import npos from 'npos';

const folder = process.argv[2];
const models = readdirSync(folder).filter((name) => name.endsWith('.hex'))
  .map((name) => name.slice(0, -4));

// What the decoder does not know: symbols, and commands of some models alone.
const { ESC, FS, GS } = npos.symbols;
npos.rules[GS]['(k'] = [0, 'd16'];
npos.rules[GS]['|'] = 1; // density, by several makers
npos.rules[GS]['\u00f0'] = 1; // speed, by Custom
npos.rules[GS]['e\u0003'] = 1; // presenter, by Custom
npos.rules[GS]['e\u0005'] = 0;
npos.rules[ESC]['i'] = 0; // cut, by Custom
npos.rules[ESC]['(A'] = [0, 'd16']; // buzzer
npos.rules[FS]['P'] = 4; // presenter, by Custom

const bytesOf = (model) =>
  Buffer.from(readFileSync(join(folder, model + '.hex'), 'latin1').replace(/\s/g, ''), 'hex');

// The decoder knows no line ends and no code pages: words are compared, and what is beyond ASCII
// only counted.
const words = (text) => text.replace(/[^\n -~]/g, '?').split(/\s+/).filter(Boolean);

async function decoded(bytes) {
  const { tree } = await npos.parser(npos.rules).parse(bytes);
  return tree;
}

const textOf = (bytes, tree) => tree.filter((node) => node.ascii === 'STX')
  .map((node) => bytes.subarray(node.offset, node.offset + node.length).toString('latin1'))
  .join('');

test('there are golden papers', () => assert.ok(models.length >= 18));

for (const model of models) {
  test(`${model}: every byte belongs to a command or to the text`, async () => {
    const bytes = bytesOf(model);
    const tree = await decoded(bytes);
    const meant = words(readFileSync(join(folder, model + '.txt'), 'utf8'));
    assert.ok(meant.includes('A-012'));
    assert.deepEqual(words(textOf(bytes, tree)), meant);
    const covered = tree.reduce((sum, node) => sum + node.length, 0);
    assert.equal(covered, bytes.length);
  });

  test(`${model}: the symbols on the picture can be read`, () => {
    const read = execFileSync('zbarimg', ['--quiet', join(folder, model + '.png')],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n').sort();
    assert.deepEqual(read, ['CODE-128:A-012', 'QR-Code:https://antrean.example.go.id/t/7Q2M']);
  });
}

test('a picture that is shorter than it says is noticed', async () => {
  const bytes = bytesOf('generic-80');
  const at = bytes.indexOf(Buffer.from('1d763000', 'hex'));
  const damaged = Buffer.from(bytes);
  damaged[at + 6] -= 1; // one row less than there are
  let text = '';
  try {
    text = textOf(damaged, await decoded(damaged));
  } catch {
    return;
  }
  assert.notDeepEqual(words(text), words(textOf(bytes, await decoded(bytes))));
});

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { ErrorOutput } from '../../../../cli/terminal/error-output.ts';

before(() => {
  process.env['TERM'] = 'xterm';
});

function open(size: { columns?: number; rows?: number } = {}) {
  let written = '';
  const output = new ErrorOutput({ ...size, isTTY: true, write: (text) => (written += text) });
  const take = (): string => {
    const text = written;
    written = '';
    return text;
  };
  return { output, take };
}

test('lines are drawn in the place of those before, and text that stays comes above them', () => {
  const { output, take } = open({ columns: 80, rows: 24 });
  output.draw(['a', 'b']);
  assert.equal(take(), 'a\nb\n');
  output.draw(['c']);
  assert.equal(take(), '\x1b[2A\x1b[1G\x1b[0Jc\n');
  output.write('said');
  assert.equal(take(), '\x1b[1A\x1b[1G\x1b[0Jsaid\nc\n');
  output.draw([]);
  assert.equal(take(), '\x1b[1A\x1b[1G\x1b[0J');
});

test('a drawn line is cut at the width of the terminal', () => {
  const { output, take } = open({ columns: 60 });
  output.draw(['x'.repeat(100)]);
  assert.equal(take(), `${'x'.repeat(59)}\n`);
});

test('a terminal that does not know its size is taken for one of 80 columns and 24 rows', () => {
  const { output, take } = open({ columns: 0, rows: 0 });
  output.draw(['x'.repeat(100)]);
  assert.equal(take(), `${'x'.repeat(79)}\n`);
  assert.equal(output.rows, 22);
});

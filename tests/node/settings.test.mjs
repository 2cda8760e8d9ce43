/** --set KEY=VALUE: JSON where it is JSON, else a text; the same in both commands. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { join } from 'node:path';
import { command, eventsCsv, makeFile, makeFolder, nativeCommand, run } from './support.mjs';

const ADD = 'events.unknown=add';

/** What is typed behind --set, as the program gets it, and what the plan then has. */
const TAKEN = [
  [['input.separator=\\t'], (plan) => plan.input.separator, '\t'],
  [['input.separator=tab'], (plan) => plan.input.separator, '\t'],
  [['input.separator="\\t"'], (plan) => plan.input.separator, '\t'],
  [['input.nulls=\\N'], (plan) => plan.input.nulls, ['\\N']],
  [['input.nulls=["\\\\N","NULL"]'], (plan) => plan.input.nulls, ['\\N', 'NULL']],
  [['input.escape=\\'], (plan) => plan.input.escape, '\\'],
  [['input.escape="\\\\"'], (plan) => plan.input.escape, '\\'],
  [['input.quote=null'], (plan) => plan.input.quote, null],
  [["input.quote='"], (plan) => plan.input.quote, "'"],
  [[ADD, 'treatment.type=2'], (plan) => plan.treatment.type, '2'],
  [[ADD, 'treatment.type=2.0'], (plan) => plan.treatment.type, '2'],
  [[ADD, 'treatment.type="2.0"'], (plan) => plan.treatment.type, '2.0'],
  [[ADD, 'treatment.type=007'], (plan) => plan.treatment.type, '007'],
  [[ADD, 'treatment.type=-3'], (plan) => plan.treatment.type, '-3'],
  [[ADD, 'treatment.type=9007199254740993'], (plan) => plan.treatment.type, '9007199254740993'],
  [[ADD, 'treatment.type=123456789012345678901234567890'], (plan) => plan.treatment.type, '123456789012345678901234567890'],
  [[ADD, 'treatment.type=1e400'], (plan) => plan.treatment.type, '1e400'],
  [[ADD, 'treatment.type=a=b'], (plan) => plan.treatment.type, 'a=b'],
  [[ADD, 'treatment.type="a'], (plan) => plan.treatment.type, '"a'],
  [
    ['events.types=[1,2]', 'treatment.type=1', 'outcome.type=2', 'sequence.padding=null', 'events.withoutItem={}'],
    (plan) => plan.events.types,
    ['1', '2'],
  ],
  [['rows.bad=drop'], (plan) => [plan.rows.bad, plan.events.unknown], ['drop', 'error']],
  [['session.gapHours= 12 '], (plan) => plan.session.gapHours, 12],
];

const REFUSED = [
  ['input.escape=\\\\'],
  ['session.gapHours=1e400'],
  ['split.seed=9007199254740993'],
  ['split.seed=-9007199254740993'],
  ['session.gapHours='],
  ['session.gapHours=NaN'],
  ['treatment.type=2.5'],
  ['treatment.type=true'],
  ['session=[1'],
  ['input.nulls=7'],
  ['input.nulls=""'],
  ['__proto__.x=1'],
  ['session.gapHours="12'],
  ['rows.bad=add'],
];

for (const [name, program] of [
  ['in Node', [process.execPath, command]],
  ['native', [nativeCommand]],
]) {
  describe(`the command ${name} reads settings`, { skip: !existsSync(program.at(-1)) && 'not built' }, () => {
    const planOf = (settings) => run(['plan', '--json', ...settings.flatMap((setting) => ['--set', setting])], { program });

    for (const [settings, part, expected] of TAKEN) {
      test(settings.join(' '), async () => {
        const { code, stdout, stderr } = await planOf(settings);
        assert.deepEqual([code, stderr], [0, '']);
        assert.deepEqual(part(JSON.parse(stdout)), expected);
      });
    }

    for (const settings of REFUSED) {
      test(`and refuses ${settings.join(' ')} in the other one's words`, async () => {
        const here = await planOf(settings);
        const there = await run(['plan', '--json', ...settings.flatMap((setting) => ['--set', setting])]);
        assert.equal(here.code, 2);
        assert.deepEqual(
          [here.code, here.stdout, here.stderr.split('\n')[0]],
          [there.code, there.stdout, there.stderr.split('\n')[0]],
        );
      });
    }

    test('of thousands of levels, without an end of the stack', async (t) => {
      const levels = 100_000;
      const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      for (const words of [
        ['--plan', makeFile(t, 'plan.json', `{"session": ${deep}}`)],
        ['--set', `session=${'['.repeat(5000)}${']'.repeat(5000)}`],
        ['--set', `${'a.'.repeat(5000)}b=1`],
      ]) {
        const { code, signal, stderr } = await run(['plan', ...words], { program });
        assert.deepEqual([code, signal], [2, null], stderr.slice(0, 300));
      }
    });

    test('for a file whose event types are codes', async (t) => {
      const rows = ['1', '2', '4'].map((type, i) => ['u1', `2025-09-05 10:00:0${i}`, type, 'p1']);
      const out = join(makeFolder(t), 'out');
      const settings = [ADD, 'treatment.type=2', 'outcome.type=4'].flatMap((setting) => ['--set', setting]);
      const { code, stdout, stderr } = await run(
        ['prepare', makeFile(t, 'events.csv', eventsCsv(rows)), '--out', out, '--json', ...settings],
        { program },
      );
      assert.equal(code, 0, stderr);
      const { all } = JSON.parse(stdout).report;
      assert.deepEqual([all.treated, all.outcomes], [1, 1]);
    });
  });
}

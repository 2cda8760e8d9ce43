/** Wrong uses of the command, with what each is told; both commands are asked. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
const made = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** By name: arguments, the sentence, and what stands on standard input. `input` is a file of events. */
export function wrongUses(input) {
  return {
    'an unknown command': [
      ['preapre', 'x'],
      /there is no command "preapre"; there are prepare, partial, merge, audit, estimate, verify, inspect, plan, simulate/,
    ],
    'an unknown option': [['prepare', input, '--out', 'x', '--gap', '3'], /--gap/],
    'an option of another command': [['prepare', input, '--out', 'x', '--events', '3'], /prepare has no option --events/],
    'an option without its value': [['prepare', input, '--out'], /--out/],
    'a column of a table without a table': [
      ['estimate', input, '--user', 'who'],
      /--user names a column of a table; it goes with --table/,
    ],
    'a column of a table without a name': [['estimate', '--table', input, '--user='], /--user needs the name of a column/],
    'no file': [['prepare', '--out', 'x'], /needs at least one FILE/],
    'no folder': [['prepare', input], /missing --out DIR/],
    'an empty folder name': [['prepare', input, '--out', ''], /missing --out DIR/],
    'an unknown format': [
      ['prepare', input, '--out', 'x', '--format', 'parquet,xlsx'],
      /"xlsx" is not an output format; there are parquet, pickle, jsonl/,
    ],
    'an empty format': [['prepare', input, '--out', 'x', '--format', ''], /"" is not an output format/],
    'a setting without a value': [['plan', '--set', 'session.gapHours'], /--set session\.gapHours: KEY=VALUE is needed/],
    'a setting without a key': [['plan', '--set', '=3'], /KEY=VALUE is needed/],
    'a setting of a prototype': [['plan', '--set', '__proto__.session=3'], /__proto__ is not a plan key/],
    'a file for plan': [['plan', input], /takes no FILE/],
    'help for two keys': [['plan', '--help', 'session', 'split'], /plan --help takes one KEY/],
    'help for no section': [
      ['plan', '--help', 'sesion'],
      /: sesion is not a plan key; the plan has profile, preset, input, columns, .*, split, estimate, output\n/,
    ],
    'help for no key': [
      ['plan', '--help', 'session.gap'],
      /: session\.gap is not a plan key; session has gapHours, minEvents, minEventsOf, maxHours\n/,
    ],
    'two files for inspect': [['inspect', input, input], /needs one FILE/],
    'simulate without a place': [['simulate'], /missing --out FILE/],
    'simulate with half an event': [
      ['simulate', '--out', 'x', '--events', '0.5'],
      /simulate\.events is 0\.5; it must be a whole number from 1 to 1,000,000,000/,
    ],
    'simulate with a word': [
      ['simulate', '--out', 'x', '--events', 'many'],
      /simulate\.events is many; it must be a whole number from 1/,
    ],
    'simulate with a negative seed': [
      ['simulate', '--out', 'x', '--seed', '-1'],
      /simulate\.seed is -1; it must be a whole number from 0/,
    ],
    'simulate with too strong an effect': [
      ['simulate', '--out', 'x', '--effect', '-11'],
      /simulate\.effect is -11; it must be a number from -10 to 10/,
    ],
    'simulate with more users than events allow': [
      ['simulate', '--out', 'x', '--events', '1000', '--users', '15'],
      /simulate\.users is 15; it must be at most events \/ 70/,
    ],
    'a file for simulate': [['simulate', input, '--out', 'x'], /takes no FILE/],
    'a setting with an empty name': [
      ['plan', '--set', 'session..gapHours=2'],
      /--set session\.\.gapHours=2: KEY=VALUE is needed/,
    ],
    'a setting with no name at all': [['plan', '--set', '.=2'], /--set \.=2: KEY=VALUE is needed/],
    'a setting on top of a plan that is a number': [
      ['plan', '--plan', made('five.json', '5'), '--set', 'a.b=1'],
      /the plan is 5; it must be a JSON object/,
    ],
    'a plan that is a number': [['plan', '--plan', made('five.json', '5')], /the plan is 5; it must be a JSON object/],
    'a plan that is a folder': [['plan', '--plan', folder], /the plan .* cannot be read\n/],
    'a plan that is not there': [['plan', '--plan', join(folder, 'none.json')], /the plan .*none\.json cannot be read\n/],
    'a plan that is no JSON': [['plan', '--plan', made('half.json', '{"session": ')], /the plan .*half\.json is not JSON\n/],
    'an unknown short option': [['prepare', input, '--out', 'x', '-q'], /prepare has no option -q/],
    'a flag with a value': [['plan', '--json=1'], /--json takes no value/],
    'an option of no command': [['prepare', input, '--gap'], /prepare has no option --gap/],
    'no command': [['--quiet'], /a command is missing/],
    'no file for audit': [['audit'], /audit needs at least one FILE/],
    'no manifest': [['verify'], /verify needs a MANIFEST/],
    'a manifest that is not there': [['verify', join(folder, 'none.json')], /the manifest .*none\.json cannot be read\n/],
    'a file that is no manifest': [['verify', made('five.json', '5')], /five\.json is not a manifest of causal-sessions\n/],
    'too many threads': [['audit', input, '--threads', '257'], /--threads is 257; it must be a whole number from 1 to 256/],
    'no threads': [['audit', input, '--threads', '0'], /--threads is 0; it must be a whole number from 1 to 256/],
    'memory without a unit': [['audit', input, '--memory', '200'], /--memory is 200; it must be a whole number with M or G/],
    'too little memory': [['audit', input, '--memory=15M'], /--memory is 15M; it must be .*, from 16M on, as 2G/],
    'a part that is none': [
      ['partial', input, '--out', 'x', '--part', '3/2'],
      /--part is 3\/2; it must be a part and of how many, as 3\/64, up to 9999/,
    ],
    'a name for no standard input': [
      ['partial', input, '--out', 'x', '--name', 'x'],
      /--name says what standard input is called, which - stands for/,
    ],
    'no part': [['merge', '--out', 'x'], /merge needs at least one part/],
    'rows that are no number': [['inspect', input, '--rows', 'all'], /--rows is all; it must be a whole number up to 9999/],
    'standard input twice': [
      ['prepare', '-', '-', '--out', 'x'],
      /standard input, which - stands for, can be read once; give the other one as a file/,
    ],
    'standard input as plan and as events': [
      ['audit', '-', '--plan', '-'],
      /standard input, which - stands for, can be read once/,
      '{}',
    ],
    'an audit against a plan that is not there': [
      ['audit', input, '--against', join(folder, 'none.json')],
      /the plan .*none\.json cannot be read\n/,
    ],
    'an audit against what is no plan': [
      ['audit', input, '--against', made('half.json', '{"session": ')],
      /the plan .*half\.json is not JSON\n/,
    ],
    'an audit against a plan with a wrong key': [
      ['audit', input, '--against', made('gap.json', '{"session": {"gap": 3}}')],
      /the plan .*gap\.json: session\.gap is not a plan key; session has gapHours/,
    ],
    'an audit against the same plan': [
      ['audit', input, '--set', 'session.gapHours=3', '--against', made('three.json', '{"session": {"gapHours": 3.0}}')],
      /the plan .*three\.json is the same plan: no setting differs\n/,
    ],
    'an audit of standard input against a plan that reads otherwise': [
      ['audit', '-', '--against', made('zone.json', '{"time": {"zone": "+02:00"}}')],
      /The events would have to be read a second time under .*zone\.json, and what comes from a pipe or from standard input/,
      'user,time,type\n',
    ],
    'an audit of standard input against a plan from it': [
      ['audit', '-', '--against', '-'],
      /standard input, which - stands for, can be read once/,
      '{}',
    ],
    'a report without a file': [['audit', input, '--report', '-'], /--report needs a FILE/],
    'a report of two plans': [
      ['audit', input, '--against', made('two.json', '{}'), '--report', 'r.html'],
      /--report tells of one plan; leave --against out/,
    ],
    'exact counts of no report': [['audit', input, '--report-counts', 'exact'], /--report-counts goes with --report FILE/],
    'other counts': [
      ['prepare', input, '--out', 'x', '--report', 'r.html', '--report-counts', 'all'],
      /--report-counts goes with --report FILE, and takes exact/,
    ],
    'another plan for prepare': [['prepare', input, '--out', 'x', '--against', 'a.json'], /prepare has no option --against/],
    'no plan on standard input': [['plan', '--plan', '-'], /the plan - is not JSON\n/, 'session'],
  };
}

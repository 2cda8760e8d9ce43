/** The cases of tests/cases/inputs/expected.json, with the paths of their files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, toText } from './support.mjs';

const folder = join(repository, 'tests/cases/inputs');

export function inputCases() {
  const { cases } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  return cases.map(({ files, plan = {}, ...rest }) => ({ paths: files.map((file) => join(folder, file)), plan, ...rest }));
}

/** What a run gives, in the words of expected.json. */
export function answerOf(report, vocabulary, wanted) {
  const { item_to_int: ids } = JSON.parse(toText(vocabulary));
  return {
    events: report.input.events,
    users: report.input.users,
    sessions: report.sessions.kept,
    treated: report.all.treated,
    outcomes: report.all.outcomes,
    notices: report.notices.map(({ code }) => code).sort(),
    ...(wanted.items && {
      items: Object.keys(ids)
        .filter((item) => ids[item] >= 3)
        .sort(),
    }),
  };
}

/** What is wanted of a run that is not refused, in the same words. */
export const wantedOf = ({ notices = [], ...expected }) => ({ ...expected, notices: notices.toSorted() });

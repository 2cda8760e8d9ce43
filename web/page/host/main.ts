/** The page as a server gives it: it keeps itself for the next time, and counts what it asks for once it has loaded. */
import * as code from './engine.js';
import { mount } from './mount.js';
import { keepOffline } from './offline.js';
import { PAGE } from '../words/common.js';
import { countRequests } from './requests.js';

const place = (id: string) => document.getElementById(id)!;
const loaded = Promise.all([mount(code, './docs/').complete, keepOffline(place('update'))]);
void loaded.then(
  ([, kept]) => countRequests(place('requests'), kept ? PAGE.offline : ''),
  () => undefined,
);

/** The page as one file, which has all its code in itself and may ask for nothing. */
import { mount } from './mount.js';
import * as code from './packed-engine.js';
import { PAGE } from '../words/common.js';
import { countRequests } from './requests.js';

void mount(code, null).complete.then(
  () => countRequests(document.getElementById('requests')!, PAGE.oneFile),
  () => undefined,
);

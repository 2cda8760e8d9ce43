#!/usr/bin/env node
/** The command; cli/main.ts runs it. */
import './cli/main.js';

#!/usr/bin/env node
import '../dist/glambdar.js';

// `npx cdk deploy` of Collect alone. Whoever has an app already takes `Collect` of collect.ts.

import { App, Stack } from 'aws-cdk-lib';
import { Collect } from './collect.ts';

const app = new App();
const stack = new Stack(app, 'collect', { description: 'Collect' });
new Collect(stack, 'Collect');
app.synth();

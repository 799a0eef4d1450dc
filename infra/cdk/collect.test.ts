// The stack that the CDK makes is that of template.yaml, with nothing of this machine in it.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Collect } from './collect.ts';
import { template, type Section } from './template.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const said = template(join(ROOT, 'template.yaml'));

/** Of each kind of resource that names something of this checkout, the property that does. */
const LOCAL: Record<string, string> = {
  'AWS::Serverless::Function': 'CodeUri',
  'AWS::Serverless::StateMachine': 'DefinitionUri',
};

type Resource = { Type: string; Properties: Record<string, any>; DependsOn?: string | string[] };

const local = Object.entries(said.Resources as Record<string, Resource>).filter(([, it]) => it.Type in LOCAL);

/** A checkout in which each function is built: the name of each is all that is in it. */
function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'collect-checkout-'));
  for (const [name, resource] of local) {
    const path = resource.Properties[LOCAL[resource.Type]];
    const file = join(root, path);
    if (resource.Type === 'AWS::Serverless::Function') {
      mkdirSync(file, { recursive: true });
      writeFileSync(join(file, 'bootstrap'), name);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      copyFileSync(join(ROOT, path), file);
    }
  }
  return root;
}

const root = checkout();
const outdir = mkdtempSync(join(tmpdir(), 'collect-out-'));
after(() => [root, outdir].forEach((it) => rmSync(it, { recursive: true })));

function synthesize(parameters?: Record<string, string>): { text: string; made: Section } {
  const app = new App({ outdir });
  new Collect(new Stack(app, 'collect'), 'Collect', { root, parameters });
  app.synth();
  const text = readFileSync(join(outdir, 'collect.template.json'), 'utf8');
  return { text, made: JSON.parse(text) };
}

/** Without what is of this checkout on the one side, and an asset on the other. */
function rest(resources: Record<string, Resource>): Record<string, Resource> {
  const copy = structuredClone(resources);
  for (const resource of Object.values(copy)) {
    if (resource.Type in LOCAL) delete resource.Properties[LOCAL[resource.Type]];
    if (resource.DependsOn) resource.DependsOn = [resource.DependsOn].flat();
  }
  return copy;
}

test('what is deployed is what the template says', () => {
  const { made } = synthesize();
  for (const section of ['Transform', 'Mappings', 'Conditions', 'Globals', 'Outputs']) {
    assert.deepEqual(made[section], said[section], section);
  }
  assert.deepEqual(rest(made.Resources as any), rest(said.Resources as any));
  // The CDK adds one of its own, of its bootstrap.
  for (const section of ['Parameters', 'Rules']) {
    for (const [name, it] of Object.entries(said[section])) assert.deepEqual(made[section][name], it, name);
  }
});

test('nothing of this machine is in it', () => {
  const { text } = synthesize();
  for (const path of [ROOT, root, outdir, 'target/lambda', 'infra/workflows', '.asl.json']) {
    assert.ok(!text.includes(path), path);
  }
});

test('each function and each workflow has an asset of its own', () => {
  const { made } = synthesize();
  const assets = JSON.parse(readFileSync(join(outdir, 'collect.assets.json'), 'utf8')).files;
  const found = new Set<string>();
  for (const [name, resource] of local) {
    const uri = (made.Resources[name] as any).Properties[LOCAL[resource.Type]];
    const hash = uri.Key.split('.')[0];
    const source = join(outdir, assets[hash].source.path);
    const file = resource.Type === 'AWS::Serverless::Function' ? join(source, 'bootstrap') : source;
    assert.ok(existsSync(file), name);
    if (file !== source) assert.equal(readFileSync(file, 'utf8'), name);
    found.add(hash);
  }
  assert.equal(found.size, local.length);
  assert.ok(local.length > 20, 'the functions were not found');
});

test('a value that is known is the one that a deploy takes for granted', () => {
  const { made } = synthesize({ DatabaseHost: 'db.example.org' });
  assert.equal((made.Parameters.DatabaseHost as any).Default, 'db.example.org');
  assert.throws(() => synthesize({ DatabaseHots: 'x' }), /DatabaseHots/);
});

// The template as JSON: CloudFormation's short forms written out, aliases put in their places.

import { readFileSync } from 'node:fs';
import { parse, type CollectionTag, type ScalarTag } from 'yaml';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Section = { [name: string]: { [name: string]: Json } };

/** Those that are no `Fn::`. */
const PLAIN = ['Ref', 'Condition'];
const FUNCTIONS = ['And', 'Cidr', 'EachMemberEquals', 'Equals', 'FindInMap', 'GetAZs', 'GetAtt', 'If', 'Join', 'Not', 'Or', 'Select', 'Sub'];

function written(name: string, value: Json): Json {
  // `!GetAtt A.B` is a list where it is written out.
  const parts = name === 'GetAtt' && typeof value === 'string' ? split(value) : value;
  return { [PLAIN.includes(name) ? name : `Fn::${name}`]: parts };
}

function split(value: string): string[] {
  const dot = value.indexOf('.');
  return [value.slice(0, dot), value.slice(dot + 1)];
}

function tags(name: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${name}`;
  const collection = (kind: 'seq' | 'map'): CollectionTag => ({
    tag,
    collection: kind,
    resolve: (it) => written(name, it.toJSON()),
  });
  return [{ tag, resolve: (it) => written(name, it) }, collection('seq'), collection('map')];
}

/** What a file of CloudFormation or SAM says. */
export function template(path: string): Section {
  const customTags = [...PLAIN, ...FUNCTIONS].flatMap(tags);
  // An alias within an alias counts as often as both: more than the hundred that are usual.
  return parse(readFileSync(path, 'utf8'), { customTags, maxAliasCount: -1 });
}

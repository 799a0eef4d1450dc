// Every request under /collect/ and /auth/ goes through here. The types are those of the OpenAPI
// document (schema.d.ts, made by `npm run types`).

import createClient from 'openapi-fetch';
import { API } from './address';
import { notReached, refusalOf } from './refusal';
import type { components, paths } from './schema';
import { asUser } from './session.svelte';

type Schemas = components['schemas'];
/** By itself an object has its number; in the list of all, the name of its list before it, too. */
export type Import = Omit<Schemas['FileObject'], 'id'> & { id: number };
export type Export = Omit<Schemas['ExportObject'], 'id'> & { id: number };
type InListOfAll<Kind> = { id: string; kind: Kind; changed_at: string };
export type ListedImport = Omit<Schemas['FileObject'], keyof InListOfAll<never>> & InListOfAll<'import'>;
export type ListedExport = Omit<Schemas['ExportObject'], keyof InListOfAll<never>> & InListOfAll<'export'>;
export type Listed = ListedImport | ListedExport;
/** What the description leaves open: the columns of a dataset, and that a declaration is one. */
export type Inferred = Omit<Schemas['InferredDeclaration'], 'declaration'> & { declaration: Schemas['Declaration'] };
export interface Columns {
  dataset: string;
  version: number;
  columns: Column[];
  declaration: Schemas['Declaration'];
}
export interface Column {
  field: string;
  heading: string;
  type: string;
  answered_as: string;
  nullable: boolean;
}
export type ChunkRun = Omit<Schemas['ChunkRun'], 'state'> & { state: ChunkState };
export type ChunkState = 'planned' | 'handed_out' | 'stored' | 'tried_again' | 'dead';
export type Event = Schemas['EventEntry'];
export type Account = Schemas['Me'];
export type Deletion = Schemas['AccountDeletion'];
export type ApiKey = Schemas['ApiKeyObject'];
export type Quota = Schemas['QuotaEntry'];
export type Reason = Schemas['StoredReason'];
export type Place = Schemas['Found'];
export type RowError = Schemas['ErrorEntry'];
export type Declaration = Schemas['Declaration'];
export type Validation = Schemas['Validation'];
export type DatasetEntry = Schemas['DatasetEntry'];
export type Row = Schemas['FieldsEntry'];
export type Group = Schemas['GroupEntry'];
export type Upload = Schemas['Upload'];

/** Filters of rows are parameters of their own: `{filters: {a: 1}}` becomes `a=1`. */
function query(parameters: Record<string, unknown>): string {
  const search = new URLSearchParams();
  const put = (name: string, value: unknown) => {
    if (value === undefined || value === null) return;
    if (typeof value === 'object') for (const [key, it] of Object.entries(value)) put(key, it);
    else search.append(name, String(value));
  };
  for (const [name, value] of Object.entries(parameters)) put(name, value);
  return search.toString();
}

export const api = createClient<paths>({
  baseUrl: API,
  fetch: asUser,
  querySerializer: query as (parameters: unknown) => string,
  cache: 'no-store',
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** An answer as it is known to be where it was asked for. */
type Known<T> = T extends Schemas['FileObject'] ? Import : T extends Schemas['ExportObject'] ? Export : T;

/** The answer's body; a refusal is thrown in the API's own words. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<Known<T>> {
  return (await askWhole(request)).data;
}

/** The same with its headers. */
export async function askWhole<T>(request: Promise<Answer<T>>): Promise<{ data: Known<T>; response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (thrown) {
    throw thrown instanceof TypeError ? notReached() : thrown;
  }
  if (!answer.response.ok) throw refusalOf(answer.response, answer.error);
  return { data: answer.data as Known<T>, response: answer.response };
}

/** After how many seconds to look again: what the API says, or what we think. */
export const lookAgain = (response: Response, otherwise: number): number =>
  Number(response.headers.get('Retry-After')) || otherwise;

/** The cursor of a link to another page. */
export const cursorOf = (link: string | null): string | null =>
  link === null ? null : (new URL(link).searchParams.get('cursor') ?? '');

/** Multipart forms are written by the browser; the types know only their fields. */
export function form(fields: Record<string, string | Blob>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
}

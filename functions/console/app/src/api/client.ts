// Every request under /collect/ and /auth/ goes through here. The types are those of the OpenAPI
// document (schema.d.ts, made by `npm run types`).

import createClient from 'openapi-fetch';
import { API } from './address';
import type { AwaitedPaths, ListedExport, ListedImport, WaitingFor } from './awaited';
import { notReached, refusalOf } from './refusal';
import type { components, paths } from './schema';
import { asUser } from './session.svelte';

type Schemas = components['schemas'];
export type Import = Schemas['FileObject'] & { waiting_for?: WaitingFor | null };
export type Export = Schemas['ExportObject'] & { waiting_for?: WaitingFor | null };
export type Reason = Schemas['StoredReason'];
export type Place = Schemas['Found'];
export type RowError = Schemas['ErrorEntry'];
export type Declaration = Schemas['Declaration'];
export type Validation = Schemas['Validation'];
export type DatasetEntry = Schemas['DatasetEntry'];
export type Row = Schemas['FieldsEntry'];
export type Group = Schemas['GroupEntry'];
export type Upload = Schemas['Upload'];
export type Listed = ListedImport | ListedExport;
export type { Account, ApiKey, ChunkRun, ChunkState, Columns, Event, Inferred, ListedExport, ListedImport, WaitingFor } from './awaited';

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

export const api = createClient<paths & AwaitedPaths>({
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

/** The answer's body; a refusal is thrown in the API's own words. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  return (await askWhole(request)).data;
}

/** The same with its headers. */
export async function askWhole<T>(request: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (thrown) {
    throw thrown instanceof TypeError ? notReached() : thrown;
  }
  if (!answer.response.ok) throw refusalOf(answer.response, answer.error);
  return { data: answer.data as T, response: answer.response };
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

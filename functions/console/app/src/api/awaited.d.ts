// Routes and fields that the console uses and that schema.d.ts does not have yet, written by hand
// from docs/api.md of the change that brings each. Once the OpenAPI document has one, its entry
// here goes; when the file is empty, it goes.
//
//   waits for                                                     from
//   GET  /collect/imports/                                        the list of everything
//   GET  /collect/{dataset}/{id}/chunks/ and …/events/            the same
//   GET  /collect/exports/{id}/events/                            the same
//   `waiting_for` of imports and exports                          the same
//   POST /token/ with `cookie`, POST /token/blacklist/            sessions
//   GET  /auth/users/me/, POST /auth/users/set_password/          sessions
//   /auth/keys/ and /auth/keys/{id}/                              API keys
//
// And two objects that the document leaves open: the columns of a dataset, and a declaration in an
// answer.
//
// Signing in, refreshing and signing out are asked for by session.svelte.ts without these types.

import type { components } from './schema';

type Schemas = components['schemas'];
type Refused = Schemas['FieldErrors'] | Schemas['Detail'] | Schemas['Coded'];

export interface Column {
  field: string;
  heading: string;
  type: string;
  answered_as: string;
  nullable: boolean;
}

/** The answer of `GET /collect/{dataset}/schema/`. */
export interface Columns {
  dataset: string;
  version: number;
  columns: Column[];
  declaration: Schemas['Declaration'];
}

export type Inferred = Omit<Schemas['InferredDeclaration'], 'declaration'> & { declaration: Schemas['Declaration'] };

export interface WaitingFor {
  code: string;
  detail: string;
  until: string | null;
}

export interface Listed {
  /** With the list before it: `baseline/12`, `exports/3`. */
  id: string;
  changed_at: string;
  waiting_for: WaitingFor | null;
}

export type ListedImport = Omit<Schemas['FileObject'], 'id'> & Listed & { kind: 'import' };
export type ListedExport = Omit<Schemas['ExportObject'], 'id'> & Listed & { kind: 'export' };

export interface Page<Entry> {
  count: number | null;
  next: string | null;
  previous: string | null;
  results: Entry[];
}

export interface Event {
  number: number;
  at: string;
  was: string | null;
  status: string;
  by: string;
  code: string | null;
}

export type ChunkState = 'planned' | 'handed_out' | 'stored' | 'tried_again' | 'dead';

export interface ChunkRun {
  state: ChunkState;
  first: number;
  count: number;
}

export interface Account {
  email: string;
  id: number;
  username: string;
}

export interface ApiKey {
  id: number;
  name: string;
  access: 'read' | 'write';
  prefix: string;
  created_at: string;
  expires_at: string;
  /** Only in the answer to the request that makes it. */
  key?: string;
}

export interface NewApiKey {
  name: string;
  access: 'read' | 'write';
  days: number;
  current_password: string;
}

export interface EverythingQuery {
  status?: string;
  kind?: string;
  dataset?: string;
  file?: string;
  changed_since?: string;
  limit?: number;
  cursor?: string;
}

interface Answers<Body, Status extends number> {
  responses: Record<Status, { headers: Record<string, unknown>; content: { 'application/json': Body } }> & {
    400: { headers: Record<string, unknown>; content: { 'application/json': Refused } };
  };
}

interface Nothing {
  responses: { 204: { headers: Record<string, unknown>; content?: never } } & {
    400: { headers: Record<string, unknown>; content: { 'application/json': Refused } };
  };
}

interface OfImport {
  path: { dataset: string; id: number };
  query?: { limit?: number; offset?: number };
}

export interface AwaitedPaths {
  '/collect/imports/': {
    get: { parameters: { query?: EverythingQuery; header?: Record<string, string> } } & Answers<
      Page<ListedImport | ListedExport>,
      200
    >;
  };
  '/collect/{dataset}/{id}/chunks/': {
    get: { parameters: OfImport } & Answers<Page<ChunkRun>, 200>;
  };
  '/collect/{dataset}/{id}/events/': {
    get: { parameters: OfImport } & Answers<Page<Event>, 200>;
  };
  '/collect/exports/{id}/events/': {
    get: { parameters: { path: { id: number }; query?: { limit?: number } } } & Answers<Page<Event>, 200>;
  };
  '/auth/users/me/': {
    get: { parameters: object } & Answers<Account, 200>;
  };
  '/auth/users/set_password/': {
    post: {
      parameters: object;
      requestBody: { content: { 'application/json': { new_password: string; current_password: string } } };
    } & Nothing;
  };
  '/auth/keys/': {
    get: { parameters: object } & Answers<Page<ApiKey>, 200>;
    post: {
      parameters: object;
      requestBody: { content: { 'application/json': NewApiKey } };
    } & Answers<ApiKey, 201>;
  };
  '/auth/keys/{id}/': {
    delete: { parameters: { path: { id: number } } } & Nothing;
  };
}

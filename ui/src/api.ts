import { signal } from "@preact/signals";
import type * as contract from "./contract.ts";

/** Who we are; null until the server has said so, and after it said 401. */
export const me = signal<contract.Me | null>(null);
export const signedOut = signal(false);
/** How many alerts fire. */
export const firing = signal(0);

type Permission = contract.Me["permissions"][number];
/** Whether we have the permission; until the server has said so we do not. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) === true;
/** Whether the server has said that we do not have it: what is only read is not taken away before that. */
export const mayNot = (permission: Permission): boolean => me.value !== null && !may(permission);

export type Problem = contract.Problem;

/** What the server, or the way to it, answered instead of the result. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  status: number;
}
export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds until the answer is given up. */
  timeout?: number;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export async function ask<T>(method: Method, path: string, { body, headers = {}, signal: abort, timeout = 20_000 }: Ask = {}): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(timeout);
  const init: RequestInit = {
    method,
    headers: { Accept: "application/json", ...csrf(method), ...headers },
    signal: abort ? AbortSignal.any([abort, limit]) : limit,
    credentials: "same-origin",
  };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(`/api/v1${path}`, init);
    text = await response.text();
  } catch (error) {
    if (abort?.aborted) throw error;
    throw new ProblemError(unreachable(limit.aborted, path));
  }
  if (!response.ok) {
    if (response.status === 401 && path !== "/sessions") {
      me.value = null;
      signedOut.value = true;
    }
    throw new ProblemError(problemOf(response, text, path));
  }
  return { data: (text === "" ? undefined : JSON.parse(text)) as T, etag: response.headers.get("ETag"), status: response.status };
}

export async function get<T>(path: string, abort?: AbortSignal): Promise<T> {
  return (await ask<T>("GET", path, abort ? { signal: abort } : {})).data;
}

function csrf(method: Method): Record<string, string> {
  const token = me.value?.csrfToken;
  return method !== "GET" && token ? { "X-Redrive-CSRF": token } : {};
}

function unreachable(late: boolean, path: string): Problem {
  return {
    type: "about:blank",
    title: late ? "Redrive did not answer in time" : "Redrive does not answer",
    detail: late ? "The request was given up. Nothing is known about its effect." : "The server is away or the network is. Stored letters are safe.",
    status: 0,
    code: late ? "timeout" : "unreachable",
    instance: path,
    traceId: "",
    retryable: true,
  };
}

function problemOf(response: Response, text: string, path: string): Problem {
  const traceId = response.headers.get("Redrive-Trace-Id") ?? "";
  const bare: Problem = {
    type: "about:blank",
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    code: "unknown",
    instance: path,
    traceId,
    retryable: response.status >= 500,
  };
  try {
    return { ...bare, ...(JSON.parse(text) as Partial<Problem>) };
  } catch {
    return bare;
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: "about:blank", title: "The page failed", detail, status: 0, code: "ui", instance: "", traceId: "", retryable: false };
}

/** A path with its query; nulls and empty texts are left out. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

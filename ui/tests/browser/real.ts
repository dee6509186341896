/** Where BrowserIT has started the real thing, and the letters it made there. */
import type { APIRequestContext } from "@playwright/test";
import type { DeadLetter, DeadLetterPage, DeadLetterSummary, FailureGroupPage, ReplayPage } from "../../src/contract.ts";

const given = process.env["REDRIVE_URL"];
if (!given) throw new Error("REDRIVE_URL says where Redrive is; BrowserIT sets it");
export const home = new URL("/", given).href.replace(/\/$/, "");
export const alertLink = process.env["REDRIVE_ALERT_LINK"] ?? "";
export const topic = "shop-orders-dlt";

export async function lettersOf(request: APIRequestContext, query: Record<string, string>): Promise<DeadLetterSummary[]> {
  const response = await request.get(`${home}/api/v1/dead-letters`, { params: { limit: "500", ...query } });
  return ((await response.json()) as DeadLetterPage).items;
}

export async function groupsOf(request: APIRequestContext): Promise<FailureGroupPage> {
  return (await (await request.get(`${home}/api/v1/failure-groups`)).json()) as FailureGroupPage;
}

export async function replaysOf(request: APIRequestContext, id: string): Promise<ReplayPage> {
  return (await (await request.get(`${home}/api/v1/dead-letters/${id}/replays`)).json()) as ReplayPage;
}

/** Writes so many records to the topic that more letters pour into. */
export async function pour(request: APIRequestContext, records: number): Promise<void> {
  await request.post(process.env["REDRIVE_TAP"] ?? "", { data: String(records), headers: { "Content-Type": "text/plain" } });
}

/** All that is known of a letter but what every change moves on. */
export async function contentOf(request: APIRequestContext, id: string): Promise<unknown> {
  const { version: _version, changedAt: _changedAt, ...rest } = (await (await request.get(`${home}/api/v1/dead-letters/${id}`)).json()) as DeadLetter;
  return rest;
}

/** What each kind of endpoint is, and what it needs. */
import type { EndpointEdit, EndpointKind } from "./alerting.ts";

export interface Kind {
  word: string;
  what: string;
  /** Where its address is found. */
  needs: string;
  example: string;
  address: string;
}

export const kinds: Record<EndpointKind, Kind> = {
  webhook: {
    word: "Webhook",
    what: "Posts a CloudEvent, signed as Standard Webhooks say, to a program of yours.",
    address: "Address",
    example: "https://alerts.example.org/redrive",
    needs: "It answers 2xx within 10 seconds. Anything else is tried again for a day and a half; 410 switches the endpoint off.",
  },
  slack: {
    word: "Slack",
    what: "Writes to a channel.",
    address: "Address of the incoming webhook",
    example: "https://hooks.slack.com/services/T0000/B0000/XXXX",
    needs: "In Slack: your app, Incoming Webhooks, Add New Webhook to Workspace, and choose the channel.",
  },
  teams: {
    word: "Microsoft Teams",
    what: "Writes a card to a channel.",
    address: "Address of the workflow",
    example: "https://prod-01.westeurope.logic.azure.com/workflows/…",
    needs: "In Teams: the channel's menu, Workflows, Post to a channel when a webhook request is received.",
  },
  pagerduty: {
    word: "PagerDuty",
    what: "Opens an incident for each alert, and resolves it with the alert.",
    address: "Integration key",
    example: "pagerduty:R012ABC34DEF56GHI78JKL90MNO12PQR",
    needs: "In PagerDuty: the service, Integrations, Events API v2. For the European region put its address behind the key: pagerduty:KEY@https://events.eu.pagerduty.com",
  },
  alertmanager: {
    word: "Alertmanager",
    what: "Hands the alerts over; its routes decide who is told.",
    address: "Base address",
    example: "https://alertmanager.example.org:9093",
    needs: "Redrive posts to /api/v2/alerts below it, and says again what still fires.",
  },
  mail: {
    word: "Mail",
    what: "Sends a mail for each message.",
    address: "Server, sender and recipients",
    example: "smtps://user:password@mail.example.org:465?to=oncall@example.org&from=redrive@example.org",
    needs: "smtps:// for TLS from the start, smtp:// for STARTTLS. Write %40 for an @ in the user. Several recipients have commas between.",
  },
  heartbeat: {
    word: "Heartbeat",
    what: "Calls an address as long as Redrive is well. When it stops, the other side raises the alarm.",
    address: "Address to call",
    example: "https://hc-ping.com/00000000-0000-0000-0000-000000000000",
    needs: "A check of Healthchecks, Better Stack, Dead Man's Snitch or the like, somewhere else than here. It gets no alerts. With POST and a blank before the address it is posted to.",
  },
};

/** Why it cannot be saved yet; null where it can. */
export function wrong({ name, address }: EndpointEdit, exists: boolean): string | null {
  if (name.trim() === "") return "Give it a name.";
  return !exists && !address?.trim() ? "Say where it is." : null;
}

package dev.redrive.alert;

import io.vertx.core.buffer.Buffer;

/** How a kind of endpoint wants to be told. The same claim gives the same body, byte for byte. */
sealed interface Form permits WebhookForm, SlackForm, TeamsForm, PagerDutyForm, AlertmanagerForm, MailForm, EmptyForm {

    String contentType();

    /** At most {@link ChannelMessage#MOST_BYTES}. */
    Buffer body(OutboxStore.Claim claim);

    /**
     * @param publicUrl the base of our links, which tells several Redrives apart
     * @param key of PagerDuty; empty for the others
     */
    static Form of(EndpointKind kind, String publicUrl, boolean allowsPayload, String key) {
        return switch (kind) {
            case WEBHOOK -> new WebhookForm(publicUrl, allowsPayload);
            case SLACK -> new SlackForm(allowsPayload);
            case TEAMS -> new TeamsForm(allowsPayload);
            case PAGERDUTY -> new PagerDutyForm(publicUrl, allowsPayload, key);
            case ALERTMANAGER -> new AlertmanagerForm(publicUrl, allowsPayload);
            case MAIL -> new MailForm(allowsPayload);
            case HEARTBEAT -> new EmptyForm();
        };
    }
}

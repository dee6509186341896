package dev.redrive.alert;

import dev.redrive.Settings;
import java.net.URI;

/** Where events go. The address may be a credential, so it is neither stored nor logged. */
record Endpoint(String name, URI address, StandardWebhook signature) {

    /** The one endpoint that needs no clicking. */
    static Endpoint of(Settings.Webhook webhook) {
        return new Endpoint("settings", URI.create(webhook.url()), StandardWebhook.withSecret(webhook.secret()));
    }

    @Override
    public String toString() {
        return "Endpoint[" + name + "]";
    }
}

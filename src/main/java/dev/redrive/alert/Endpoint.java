package dev.redrive.alert;

import dev.redrive.Settings;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where events go, opened. The address may be a credential, so it is neither stored in clear nor logged.
 *
 * @param signature of kind webhook, null for the others
 * @param trusted given by whoever runs the process, so that it may point anywhere
 */
record Endpoint(
        String name,
        EndpointKind kind,
        Address address,
        @Nullable StandardWebhook signature,
        boolean allowsPayload,
        boolean trusted) {

    /** The one endpoint that needs no clicking. */
    static Endpoint of(Settings.Webhook webhook) {
        return signed("settings", URI.create(webhook.url()), StandardWebhook.withSecret(webhook.secret()));
    }

    /** A webhook of whoever runs the process. */
    static Endpoint signed(String name, URI address, StandardWebhook signature) {
        var http = new Address.Http(address, HttpMethod.POST, null);
        return new Endpoint(name, EndpointKind.WEBHOOK, http, signature, false, true);
    }

    @Override
    public String toString() {
        return "Endpoint[" + name + "]";
    }
}

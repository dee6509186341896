package dev.redrive.alert;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens channels.
 *
 * @param answer how long an endpoint may take
 * @param publicUrl the base of our links
 * @param trust whose certificates are taken; null for those that Java takes
 */
record Channels(
        AddressGuard guard,
        Duration answer,
        String publicUrl,
        @Nullable TrustOptions trust) {

    Channel open(Vertx vertx, Endpoint endpoint) {
        var address = endpoint.address();
        return address instanceof Address.Mail mail
                ? new MailChannel(vertx, endpoint, mail, guard, answer, trust, publicUrl)
                : http(vertx, endpoint, (Address.Http) address);
    }

    HttpChannel http(Vertx vertx, Endpoint endpoint, Address.Http address) {
        var options = new HttpClientOptions();
        if (trust != null) {
            options.setTrustOptions(trust);
        }
        return new HttpChannel(endpoint, address, guard, new EndpointClient(vertx, answer, options), publicUrl);
    }
}

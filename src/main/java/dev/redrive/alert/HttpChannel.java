package dev.redrive.alert;

import static java.util.Objects.requireNonNullElse;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that is told over HTTP. Signed where it is a webhook: Standard Webhooks 1.0. */
final class HttpChannel implements Channel {

    private final Endpoint endpoint;
    private final Address.Http address;
    private final AddressGuard guard;
    private final EndpointClient client;
    private final Form form;

    /** @param publicUrl the base of our links */
    HttpChannel(Endpoint endpoint, Address.Http address, AddressGuard guard, EndpointClient client, String publicUrl) {
        this.endpoint = endpoint;
        this.address = address;
        this.guard = guard;
        this.client = client;
        this.form =
                Form.of(endpoint.kind(), publicUrl, endpoint.allowsPayload(), requireNonNullElse(address.key(), ""));
    }

    @Override
    public Future<Answer> send(OutboxStore.Claim claim) {
        var body = form.body(claim);
        return send(headers(claim, body), body, claim.claimedAt());
    }

    /** Says nothing but that we are there. */
    Future<Answer> ping(Instant at) {
        return send(Map.of(), Buffer.buffer(), at);
    }

    private Future<Answer> send(Map<String, String> headers, Buffer body, Instant at) {
        Future<@Nullable InetAddress> checked = endpoint.trusted()
                ? Future.succeededFuture()
                : guard.admit(address).map(found -> found);
        return checked.compose(to -> client.send(address, to, headers, body, at))
                .otherwise(HttpChannel::refused);
    }

    private Map<String, String> headers(OutboxStore.Claim claim, Buffer body) {
        var headers = new LinkedHashMap<String, String>();
        if (body.length() > 0) {
            headers.put("content-type", form.contentType());
        }
        var signature = endpoint.signature();
        if (signature != null) {
            long timestamp = claim.claimedAt().getEpochSecond();
            headers.put("webhook-id", claim.webhookId());
            headers.put("webhook-timestamp", Long.toString(timestamp));
            headers.put("webhook-signature", signature.sign(claim.webhookId(), timestamp, body));
        }
        return headers;
    }

    /** Of the guard; the client's are answers already. */
    static Answer refused(Throwable failure) {
        return new Answer.Unreachable(
                failure instanceof RefusedAddressException refused
                        ? String.valueOf(refused.getMessage())
                        : "host not found");
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }
}

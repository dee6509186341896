package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Mail over SMTP (RFC 5321), one connection a mail. With TLS the connection is by name: whoever answers in its place must
 * show its certificate before a login or a mail is sent. Without TLS it goes to the address that was checked.
 */
final class MailChannel implements Channel {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int ACCEPTED = 250;

    private final Vertx vertx;
    private final Address.Mail address;
    private final AddressGuard guard;
    private final Duration timeout;
    private final @Nullable TrustOptions trust;
    private final String host;
    private final MailForm form;

    /**
     * @param timeout for the whole conversation
     * @param trust whose certificates are taken; null for those that Java takes
     * @param publicUrl its host is what message ids end with
     */
    MailChannel(
            Vertx vertx,
            Endpoint endpoint,
            Address.Mail address,
            AddressGuard guard,
            Duration timeout,
            @Nullable TrustOptions trust,
            String publicUrl) {
        this.vertx = vertx;
        this.address = address;
        this.guard = guard;
        this.timeout = timeout;
        this.trust = trust;
        this.host = hostOf(publicUrl);
        this.form = new MailForm(endpoint.allowsPayload());
    }

    private static String hostOf(String publicUrl) {
        var named = URI.create(publicUrl).getHost();
        return named == null || !named.matches("[A-Za-z0-9.-]+") ? "redrive.invalid" : named;
    }

    @Override
    public Future<Answer> send(OutboxStore.Claim claim) {
        return guard.admit(address)
                .compose(
                        checked -> deliver(message(claim), checked),
                        failure -> Future.succeededFuture(HttpChannel.refused(failure)));
    }

    private Future<Answer> deliver(MailMessage message, InetAddress checked) {
        var client = MailClient.create(vertx, config(checked));
        return client.sendMail(message)
                .<Answer>map(sent -> new Answer.Accepted(ACCEPTED))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(failure -> new Answer.Unreachable(reason(failure)))
                .eventually(client::close);
    }

    private MailConfig config(InetAddress checked) {
        var config = new MailConfig()
                .setHostname(address.plain() ? checked.getHostAddress() : address.host())
                .setPort(address.port())
                .setOwnHostname(host)
                .setSsl(address.tls())
                .setStarttls(address.tls() || address.plain() ? StartTLSOptions.DISABLED : StartTLSOptions.REQUIRED)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setLogin(address.user() == null ? LoginOption.DISABLED : LoginOption.REQUIRED)
                .setKeepAlive(false)
                .setMaxPoolSize(1);
        config.setConnectTimeout(CONNECT_MILLIS);
        config.setIdleTimeout((int) timeout.toSeconds() + 1);
        if (trust != null) {
            config.setTrustOptions(trust);
        }
        return address.user() == null
                ? config
                : config.setUsername(address.user()).setPassword(address.password());
    }

    /** Mail programs show what has one id once, and answers to an id in one thread. */
    private MailMessage message(OutboxStore.Claim claim) {
        var text = form.body(claim).toString();
        var thread = UUID.nameUUIDFromBytes((host + " " + claim.episode()).getBytes(UTF_8));
        return new MailMessage()
                .setFrom(address.from())
                .setTo(address.to())
                .setSubject("[Redrive] " + text.substring(0, text.indexOf('\n')))
                .setText(text)
                .addHeader("Message-ID", "<" + claim.webhookId() + "@" + host + ">")
                .addHeader("References", "<" + thread + "@" + host + ">")
                .addHeader("Auto-Submitted", "auto-generated");
    }

    /** What a server says is not kept: it may repeat the login. */
    private String reason(Throwable failure) {
        if (failure instanceof SMTPException smtp) {
            return "SMTP status " + smtp.getReplyCode();
        }
        if (failure instanceof TimeoutException) {
            return "no answer within " + timeout.toMillis() + " ms";
        }
        var said = String.valueOf(failure.getMessage());
        if (said.contains("STARTTLS")) {
            return "the server offers no STARTTLS";
        }
        return failure instanceof SSLException
                ? "TLS failed"
                : "no answer: " + failure.getClass().getSimpleName();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}

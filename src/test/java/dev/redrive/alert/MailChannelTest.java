package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.redrive.PrivateTargets;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mail as a real mail server in this JVM takes it. */
class MailChannelTest {

    private final Vertx vertx = Vertx.vertx();
    private final GreenMail server = new GreenMail(new ServerSetup[] {
        new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
        new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)
    });

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        vertx.close().await();
    }

    private Channel channel(String address) {
        var endpoint = new Endpoint(
                "mail", EndpointKind.MAIL, AddressReader.read(EndpointKind.MAIL, address), null, false, false);
        var guard = new AddressGuard(Resolver.of(vertx), PrivateTargets.of("127.0.0.0/8"));
        return new Channels(guard, Duration.ofSeconds(5), OutboxRows.PUBLIC_URL, null).open(vertx, endpoint);
    }

    private static OutboxStore.Claim claim(String title) {
        var data = new JsonObject()
                .put("title", title)
                .put("topic", "orders-dlt")
                .put("count", 12)
                .put("link", "https://redrive.example/ui/alerts/7")
                .put("runbook", "https://wiki.example/lag")
                .put("commands", new JsonArray().add("curl one").add("curl two"));
        return new OutboxStore.Claim(
                1,
                1,
                1,
                "msg_0123",
                "alert:7",
                "redrive.alert.firing",
                data.encode(),
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                Breaker.Standing.WELL);
    }

    private String smtp(String login, String rest) {
        return "smtp://" + login + "127.0.0.1:" + server.getSmtp().getPort()
                + "?to=a@example.com,b@example.com&from=redrive@example.com" + rest;
    }

    @Test
    void sendsAMailWithAnIdThatStaysAndHeadersThatNobodyElseWrites() throws Exception {
        var channel = channel(smtp("", "&tls=none"));
        var claim = claim("Lag of ü\r\nBcc: evil@example.com\r\n\r\nbody");
        assertThat(channel.send(claim).await()).isEqualTo(new Answer.Accepted(250));
        assertThat(channel.send(claim).await()).isEqualTo(new Answer.Accepted(250));
        var mails = server.getReceivedMessages();
        assertThat(mails).hasSize(4);
        for (var mail : mails) {
            assertThat(mail.getHeader("Message-ID")).containsExactly("<msg_0123@redrive.example>");
            assertThat(mail.getHeader("Bcc")).isNull();
            assertThat(mail.getSubject()).startsWith("[Redrive] WARNING: Lag of ü  Bcc: evil@example.com");
            assertThat(Arrays.toString(mail.getRecipients(Message.RecipientType.TO)))
                    .isEqualTo("[a@example.com, b@example.com]");
            assertThat(String.valueOf(mail.getContent()))
                    .contains("Topic: orders-dlt", "Count: 12", "https://redrive.example/ui/alerts/7")
                    .contains("Runbook: https://wiki.example/lag", "curl one", "curl two");
        }
        assertThat(mails[0].getHeader("References")).isEqualTo(mails[3].getHeader("References"));
    }

    @Test
    void signsInWithWhatTheAddressHolds() {
        server.setUser("redrive@example.com", "redrive", "p/w:1");
        assertThat(channel(smtp("redrive:p%2Fw:1@", "&tls=none"))
                        .send(claim("a"))
                        .await())
                .isEqualTo(new Answer.Accepted(250));
        var answer =
                channel(smtp("redrive:wrong@", "&tls=none")).send(claim("a")).await();
        assertThat(answer).isInstanceOf(Answer.Unreachable.class);
        assertThat(answer.toString()).doesNotContain("wrong");
    }

    @Test
    void sendsNoLoginAndNoMailWithoutEncryption() {
        var answer = channel(smtp("redrive:secret@", "")).send(claim("a")).await();
        assertThat(answer).isEqualTo(new Answer.Unreachable("the server offers no STARTTLS"));
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void sendsNothingToACertificateThatNobodyVouchesFor() {
        var answer = channel("smtps://127.0.0.1:" + server.getSmtps().getPort()
                        + "?to=a@example.com&from=redrive@example.com")
                .send(claim("a"))
                .await();
        assertThat(answer).isEqualTo(new Answer.Unreachable("TLS failed"));
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void saysWhenNobodyAnswers() {
        var address = smtp("", "&tls=none");
        server.stop();
        assertThat(channel(address).send(claim("a")).await()).isInstanceOf(Answer.Unreachable.class);
    }
}

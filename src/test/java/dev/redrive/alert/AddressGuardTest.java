package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.PrivateTargets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private static final String PUBLIC = "93.184.216.34";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    /** Answers a question with the next of its answers, and then with the last one again. */
    private static Resolver answering(String... answers) {
        var left = new ArrayList<>(List.of(answers));
        return host -> {
            var answer = left.size() > 1 ? left.remove(0) : left.get(0);
            return Future.succeededFuture(Arrays.stream(answer.split(","))
                    .map(AddressGuardTest::literal)
                    .toList());
        };
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static void admit(String address, Resolver resolver, String allowed) {
        new AddressGuard(resolver, PrivateTargets.of(allowed))
                .admit(AddressReader.read(EndpointKind.WEBHOOK, address))
                .await();
    }

    @ParameterizedTest
    @DisplayName("S-40: no private, local or special address, in whatever way it is written")
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "169.254.169.254",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "198.18.0.1",
                "192.0.2.1",
                "[::1]",
                "[::]",
                "[fe80::1]",
                "[fc00::1]",
                "[fd12:3456::1]",
                "[ff02::1]",
                "[::ffff:10.0.0.1]",
                "[64:ff9b::a00:1]",
                "[64:ff9b:1::a00:1]",
                "[2002:a00:1::1]",
                "[2001:0:a00:1::1]",
                "[::10.0.0.1]",
                "[2001:db8::1]"
            })
    void refusesWhatIsNotOfTheInternet(String host) {
        Resolver literals = name -> Future.succeededFuture(List.of(literal(name)));
        assertThatThrownBy(() -> admit("https://" + host + "/hook", literals, ""))
                .isInstanceOf(RefusedAddressException.class)
                .hasMessageContaining("private or local")
                .hasMessageContaining("REDRIVE_ALERT_PRIVATE_TARGETS");
    }

    @ParameterizedTest
    @DisplayName("S-43: credentials, other schemes, odd ports and hosts with two meanings")
    @ValueSource(
            strings = {
                "https://user:secret@hooks.example/",
                "ftp://hooks.example/",
                "file:///etc/passwd",
                "gopher://hooks.example/",
                "https://2130706433/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://hooks。example/",
                "https://hooks.example/#x",
                "https://hooks.example:0/",
                "https://",
                "hooks.example",
                "https://a..b/",
                "https://hooks.example\\@evil.example/",
                "https://h oks/"
            })
    void refusesWhatCanBeReadInTwoWays(String address) {
        assertThatThrownBy(() -> AddressReader.read(EndpointKind.WEBHOOK, address))
                .isInstanceOf(RefusedAddressException.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "http://hooks.example/, Without TLS",
        "https://hooks.example:8080/, Port 8080",
        "https://hooks.example:22/, Port 22"
    })
    void wantsTlsAndAnOrdinaryPort(String address, String why) {
        assertThatThrownBy(() -> admit(address, answering(PUBLIC), "")).hasMessageContaining(why);
        admit(address, answering(PUBLIC), "hooks.example");
    }

    @ParameterizedTest
    @DisplayName("S-45: what whoever runs the process allows: networks, addresses, hosts and all below a name")
    @CsvSource({
        "10.0.0.0/8, true",
        "10.1.2.3, true",
        "hooks.internal, true",
        "*.internal, true",
        "10.2.0.0/16, false",
        "internal, false",
        "fd00::/8, false"
    })
    void goesWhereItMay(String allowed, boolean may) {
        var address = "http://hooks.internal:9000/";
        if (may) {
            admit(address, answering("10.1.2.3"), allowed);
        } else {
            assertThatThrownBy(() -> admit(address, answering("10.1.2.3"), allowed))
                    .isInstanceOf(RefusedAddressException.class);
        }
    }

    @Test
    @DisplayName("S-41: one private address among public ones is enough")
    void refusesMixedAnswers() {
        assertThatThrownBy(() -> admit("https://hooks.example/", answering(PUBLIC + ",10.0.0.1"), ""))
                .hasMessageContaining("private or local");
        admit("https://hooks.example/", answering(PUBLIC + ",2606:2800:220:1::1"), "");
    }

    @Test
    @DisplayName("S-41: a name that turns private after it was kept is not connected to")
    void checksAgainBeforeEachMessage() {
        try (var local = new ChannelReceiver(vertx, EndpointKind.HEARTBEAT)) {
            var resolver = answering(PUBLIC, "127.0.0.1");
            var address = (Address.Http) AddressReader.read(EndpointKind.HEARTBEAT, "https://hooks.example:8443/");
            var guard = new AddressGuard(resolver, PrivateTargets.of(""));
            guard.admit(address).await();
            var endpoint = new Endpoint("e", EndpointKind.HEARTBEAT, address, null, false, false);
            var channel = new Channels(guard, Duration.ofSeconds(1), OutboxRows.PUBLIC_URL, null)
                    .http(vertx, endpoint, address);
            var answer = channel.ping(Instant.now()).await();
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.Unreachable.class,
                            refused -> assertThat(refused.reason()).contains("private or local"));
            assertThat(local.taken).isEmpty();
        }
    }

    @Test
    @DisplayName("S-41: the connection goes to the address that was checked, under the name that was given")
    void connectsToWhatWasChecked() {
        try (var local = new ChannelReceiver(vertx, EndpointKind.HEARTBEAT)) {
            var address = (Address.Http) AddressReader.read(
                    EndpointKind.HEARTBEAT, "http://name-that-nobody-knows.invalid:" + local.port() + "/x");
            var client = new EndpointClient(vertx, Duration.ofSeconds(2));
            var answer = client.send(address, literal("127.0.0.1"), Map.of(), Buffer.buffer(), Instant.now())
                    .await();
            assertThat(answer).isEqualTo(new Answer.Accepted(200));
            assertThat(local.taken.get(0).host()).isEqualTo("name-that-nobody-knows.invalid:" + local.port());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pagerduty:R0123456789ABCDEF, https://events.pagerduty.com/…",
        "pagerduty:R0123456789ABCDEF@https://events.eu.pagerduty.com, https://events.eu.pagerduty.com/…"
    })
    void showsNothingOfAnAddressButItsHost(String address, String hint) {
        var read = AddressReader.read(EndpointKind.PAGERDUTY, address);
        assertThat(read.hint()).isEqualTo(hint);
        assertThat(read.toString()).doesNotContain("R0123456789ABCDEF");
        var mail = AddressReader.read(
                EndpointKind.MAIL,
                "smtps://u%40x:p%2Fw@mail.example?to=a+1@example.com,b@example.com&from=r@example.com");
        assertThat(mail.hint()).isEqualTo("smtps://mail.example:465 to 2 addresses");
        assertThat(mail.toString()).doesNotContain("p/w");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smtp://mail.example",
                "smtp://mail.example?to=a@example.com",
                "smtp://user@mail.example?to=a@b.c&from=d@e.f",
                "smtp://mail.example?to=a%0D%0ABcc:x@example.com&from=b@example.com",
                "smtps://mail.example?to=a@b.c&from=d@e.f&tls=none",
                "smtp://mail.example?to=a@b.c&from=d@e.f&cc=g@h.i",
                "https://mail.example?to=a@b.c&from=d@e.f",
                "smtp://mail.example?to=a@b.c&to=a@b.c&from=d@e.f"
            })
    void refusesAMailAddressThatIsNotWhole(String address) {
        assertThatThrownBy(() -> AddressReader.read(EndpointKind.MAIL, address))
                .isInstanceOf(RefusedAddressException.class);
    }
}

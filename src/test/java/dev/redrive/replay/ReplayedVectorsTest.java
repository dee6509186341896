package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.convention.Conventions;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import dev.redrive.testkit.Vectors;
import dev.redrive.testkit.Vectors.Vector;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent when a framework's dead letter is replayed as it is. */
class ReplayedVectorsTest {

    private static final String ORIGIN = "orders-in";
    private static final Position PLACE = new Position("cluster", ORIGIN, new UUID(0, 1), 0, 0, 0);

    static List<Vector> vectors() {
        return Stream.concat(Vectors.all().stream(), Vectors.more().stream())
                .filter(vector -> read(vector).replayable())
                .toList();
    }

    private static Reading read(Vector vector) {
        return Conventions.standard().read(vector.arrival());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void keepsEveryByteButThoseOfTheFailure(Vector vector) {
        var reading = read(vector);
        var content = reading.unwrapped() == null ? vector.content() : reading.unwrapped();
        var dropped = vector.expected().getJsonArray("replayDropsHeaders");
        var kept = content.headers().stream()
                .filter(header -> !dropped.contains(header.name()))
                .toList();
        var sent = sent(content, reading);
        assertThat(buffer(sent.key())).isEqualTo(content.key());
        assertThat(buffer(sent.value())).isEqualTo(content.value());
        var headers = headers(sent);
        int own = headers.size() - ProvenanceHeaders.NAMES.size();
        assertThat(headers.subList(0, own)).isEqualTo(kept);
        assertThat(headers.subList(own, headers.size()))
                .extracting(Header::name)
                .isEqualTo(ProvenanceHeaders.NAMES);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void looksToTheConsumerAsIfItHadNeverFailed(Vector vector) {
        var reading = read(vector);
        var sent = sent(reading.unwrapped() == null ? vector.content() : reading.unwrapped(), reading);
        var again = Conventions.standard()
                .read(new Arrival(
                        PLACE,
                        1,
                        Arrival.TimestampType.CREATE_TIME,
                        new Content(buffer(sent.key()), buffer(sent.value()), headers(sent))));
        assertThat(again.convention()).isEqualTo(Reading.UNKNOWN);
        assertThat(again.replayDrops()).isEmpty();
    }

    private static ProducerRecord<byte[], byte[]> sent(Content content, Reading reading) {
        var claim = new Claim(
                new UUID(0, 2),
                7,
                PLACE,
                null,
                null,
                Buffer.buffer(),
                ORIGIN,
                new UUID(0, 1),
                false,
                Partitioning.KEY,
                null,
                null,
                Set.of(),
                1,
                0,
                new HashSet<>(reading.replayDrops()));
        return Outgoing.of(claim, content, 0).record();
    }

    private static List<Header> headers(ProducerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), buffer(header.value()))));
        return headers;
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }
}

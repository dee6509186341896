package dev.redrive.ingest;

import dev.redrive.grouping.FailureGroupStore;
import dev.redrive.grouping.Fingerprinter;
import dev.redrive.grouping.NewGroup;
import dev.redrive.ingest.NewLetter.Bytes;
import dev.redrive.ingest.NewLetter.Place;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.HeaderCodec;
import dev.redrive.letter.StackTraceText;
import dev.redrive.letter.Storage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores letters that did not come from Kafka just now: as ingest does, but no position moves, no failure group is woken
 * and nobody is alerted.
 */
public final class LetterImports {

    private final FailureGroupStore groupStore = new FailureGroupStore();
    private final LetterInsertStore letterStore = LetterInsertStore.ofImported();

    /** A letter that is ready for {@link #store}. */
    public static final class Ready {

        private final NewLetter letter;

        private Ready(NewLetter letter) {
            this.letter = letter;
        }
    }

    /**
     * The costly part, for a worker thread: the failure group is found again from what was read.
     *
     * @param topicRef of the topic's incarnation
     * @param now no letter failed later than this, whatever the file says, as ingest has it
     */
    public static Ready ready(ReadElsewhere read, int topicRef, Instant now) {
        var position = read.arrival().position();
        var place = new Place(
                topicRef,
                position.partition(),
                position.offset(),
                position.leaderEpoch(),
                read.arrival().timestamp(),
                (short) (read.arrival().timestampType().ordinal() - 1),
                between(Instant.EPOCH, read.failedAt(), now));
        var reading = read.reading();
        var text = DerivedText.bounded(reading.failure().stackTrace(), StackTraceText.MAX_BYTES);
        var trace = text == null ? null : StackTraceText.split(text);
        var group = new NewGroup(
                Fingerprinter.of(position.topic(), reading),
                DerivedText.bounded(reading.origin().topic(), DerivedColumns.TOPIC_BYTES),
                position.topic(),
                DerivedText.bounded(reading.origin().consumerGroup(), DerivedColumns.NAME_BYTES),
                reading.convention(),
                place.failedAt());
        return new Ready(new NewLetter(
                place, bytes(read, trace), DerivedColumns.readElsewhere(reading, read.replayId()), group));
    }

    private static Instant between(Instant first, Instant time, Instant last) {
        return time.isBefore(first) ? first : time.isAfter(last) ? last : time;
    }

    private static Bytes bytes(ReadElsewhere read, @Nullable StackTraceText trace) {
        var content = read.arrival().content();
        var unwrapped = read.reading().unwrapped();
        boolean held = read.storage() != Storage.POINTER;
        Buffer joined = trace == null ? null : StackTraceText.join(trace.frames(), trace.messages());
        return new Bytes(
                read.storage(),
                held ? content.key() : null,
                held ? content.value() : null,
                read.valueSize(),
                held ? HeaderCodec.encode(content.headers(), joined) : null,
                trace,
                unwrapped == null || !held ? null : ContentCodec.encode(unwrapped),
                read.contentHash());
    }

    /** Letters that are there already are left alone. Their topics are there. */
    public Future<Void> store(SqlConnection connection, List<Ready> ready) {
        var letters = ready.stream().map(each -> each.letter).toList();
        return groupStore
                .upsert(connection, letters.stream().map(NewLetter::group).toList())
                .compose(groups -> letterStore.insert(connection, letters, groups.ids()))
                .mapEmpty();
    }
}

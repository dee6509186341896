package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplayRequestTest {

    private static ReplayRig rig;

    @BeforeAll
    static void start() {
        rig = ReplayRig.start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    @DisplayName("L-24: of two operators who replay a letter at once one is told so (50 letters of 1,000)")
    void acceptsOneOfTwo() {
        var topic = rig.topic(1);
        for (int i = 0; i < 50; i++) {
            var letter = rig.letters.add(new Letter(topic));
            var both = List.of(rig.accept(ReplayRig.ask(letter)), rig.accept(ReplayRig.ask(letter)));
            ReplayRig.await(Future.join(both).otherwiseEmpty());
            assertThat(both.stream().filter(Future::succeeded)).hasSize(1);
            assertThat(both.stream().filter(Future::failed).map(Future::cause))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ProblemCode.CONFLICT_STATE));
            assertThat(rig.row("SELECT count(*) AS live FROM replay WHERE letter_id = $1 AND state = 'queued'", letter)
                            .getLong("live"))
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("L-25: a draft of another version is refused, and the replay carries the hash of the approved one")
    void carriesTheApprovedDraft() {
        var topic = rig.topic(1);
        var letter = rig.letters.add(new Letter(topic));
        var drafts = new Drafts(rig.pool);
        save(drafts, letter, "first");
        var approved = save(drafts, letter, "second");
        assertThatThrownBy(() -> rig.replay(draft(letter, 1)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.PRECONDITION_FAILED));
        assertThatThrownBy(() ->
                        rig.replay(new ReplayAsk(letter, 7, Source.DRAFT, 2, null, Set.of(), Duration.ZERO, null)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.PRECONDITION_FAILED));
        var replay = rig.replay(draft(letter, 2));
        assertThat(rig.row("SELECT content_hash FROM replay WHERE id = $1", replay.id())
                        .getBuffer("content_hash"))
                .isEqualTo(ContentCodec.hash(approved.content()));
        assertThatThrownBy(() -> save(drafts, letter, "third"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.CONFLICT_STATE));
    }

    @Test
    void undoesAReplayThatNobodyHasTaken() {
        var letter = rig.letters.add(new Letter(rig.topic(1)));
        var replay = rig.replay(letter);
        var rolledBack = rig.pool.withTransaction(connection -> rig.replays
                .cancel(connection, replay, ReplayRig.ANA)
                .compose(cancelled -> Future.failedFuture("Somebody changed their mind")));
        assertThatThrownBy(() -> ReplayRig.await(rolledBack)).hasMessage("Somebody changed their mind");
        assertThat(rig.find(replay.id()).state()).isEqualTo(ReplayState.QUEUED);
        ReplayRig.await(rig.pool.withTransaction(connection -> rig.replays.cancel(connection, replay, ReplayRig.ANA)));
        assertThat(rig.find(replay.id()).state()).isEqualTo(ReplayState.CANCELLED);
        assertThat(rig.statusOf(letter)).isEqualTo("open");
        rig.awaitCount("redrive.replay.outcomes", replay.topic(), "outcome", "cancelled", 1);
    }

    @Test
    void sendsTheOriginRecordWhereTheLetterHoldsNoPayload() {
        var topic = rig.topic(1);
        var origin = rig.topics().produce(topic, "k".getBytes(UTF_8), "what failed".getBytes(UTF_8));
        var letter = rig.letters.add(new Letter(topic).withoutPayload().origin(origin.partition(), origin.offset()));
        assertThatThrownBy(() -> rig.replay(letter)).isInstanceOf(RefusedException.class);
        var replay = rig.replay(ReplayRig.ask(letter, Source.ORIGIN_RECORD, null));
        var expected = ContentCodec.hash(new Content(Buffer.buffer("k"), Buffer.buffer("what failed"), List.of()));
        assertThat(rig.row("SELECT content_hash FROM replay WHERE id = $1", replay.id())
                        .getBuffer("content_hash"))
                .isEqualTo(expected);
        var gone = rig.letters.add(new Letter(topic).withoutPayload().origin(0, 77L));
        assertThatThrownBy(() -> rig.replay(ReplayRig.ask(gone, Source.ORIGIN_RECORD, null)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.GONE));
    }

    @Test
    void saysOfAPurgedLetterThatItsBytesAreGone() {
        var topic = rig.topic(1);
        var origin = rig.topics().produce(topic, "k".getBytes(UTF_8), "what failed".getBytes(UTF_8));
        var letter = rig.letters.add(new Letter(topic).origin(origin.partition(), origin.offset()));
        rig.execute("""
                UPDATE dead_letter SET storage = 'pointer', payload = 'absent', replayable = false, key = NULL,
                  value = NULL, headers = NULL WHERE id = $1""", letter);
        rig.execute("UPDATE letter_state SET status = 'purged' WHERE letter_id = $1", letter);
        assertThat(refusal(() -> rig.replay(letter))).isEqualTo(ProblemCode.CONFLICT_STATE);
        assertThat(refusal(() -> rig.replay(ReplayRig.ask(letter, Source.ORIGIN_RECORD, null))))
                .isEqualTo(ProblemCode.GONE);
        assertThat(refusal(() -> save(new Drafts(rig.pool), letter, "again"))).isEqualTo(ProblemCode.CONFLICT_STATE);
        assertThat(rig.statusOf(letter)).isEqualTo("purged");
    }

    private static ProblemCode refusal(ThrowingCallable refused) {
        return catchThrowableOfType(RefusedException.class, refused).code();
    }

    @Test
    @DisplayName("B-19: invalid JSON, another encoding, empty and null have to be meant; then the bytes are as typed")
    void takesOtherBytesOnlyWhenTheyAreMeant() {
        var json = new Content(Buffer.buffer("k"), Buffer.buffer("{\"a\":1}"), List.of());
        var values = new ArrayList<JsonObject>();
        values.add(new JsonObject().put("encoding", "utf8").put("data", "{\"a\":"));
        values.add(new JsonObject().put("encoding", "base64").put("data", "wyg="));
        values.add(new JsonObject().put("encoding", "utf8").put("data", ""));
        values.add(null);
        var bytes = new ArrayList<Buffer>(
                List.of(Buffer.buffer("{\"a\":"), Buffer.buffer(new byte[] {(byte) 0xc3, 0x28}), Buffer.buffer()));
        bytes.add(null);
        for (int i = 0; i < values.size(); i++) {
            var edit = new JsonObject().put("value", values.get(i));
            assertThatThrownBy(() -> DraftEdit.content(edit, json)).isInstanceOf(RefusedException.class);
            var meant = DraftEdit.content(edit.copy().put("mode", "as-typed"), json);
            assertThat(meant.value()).isEqualTo(bytes.get(i));
        }
        var valid = new JsonObject()
                .put("value", new JsonObject().put("encoding", "utf8").put("data", "{\"a\": 12345678901234567890}"));
        assertThat(DraftEdit.content(valid, json).value()).hasToString("{\"a\": 12345678901234567890}");
    }

    private static Draft save(Drafts drafts, long letter, String value) {
        var content = new Content(Buffer.buffer("k"), Buffer.buffer(value), List.of());
        return ReplayRig.await(drafts.save(letter, content, Target.ORIGIN, null, ReplayRig.ANA, seen -> {}))
                .draft();
    }

    private static ReplayAsk draft(long letter, int version) {
        return new ReplayAsk(letter, null, Source.DRAFT, version, null, Set.of(), Duration.ZERO, null);
    }
}

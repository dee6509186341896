package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.letter.LetterExcerptStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Optional;

/**
 * The beginning of a payload, for an endpoint that may see it. It is read at the moment of sending and lies in no row of
 * the outbox, so nobody reads it there, and a letter that is purged is told to nobody any more.
 */
final class PayloadExcerpt {

    /** Of the message's data: the letter whose payload the rule shows. */
    static final String LETTER = "letterId";

    private static final int CHARS = 1_000;

    /** A character has four bytes at most. */
    private static final int BYTES = 4 * CHARS;

    /** With the envelope around it a webhook still stays below {@link ChannelMessage#MOST_BYTES}. */
    private static final int MOST_DATA = 17_000;

    private PayloadExcerpt() {}

    /** @return the claim with what the message shows of a letter; as it was where that is nothing, or no text */
    static Future<OutboxStore.Claim> into(SqlClient client, OutboxStore.Claim claim) {
        var data = new JsonObject(claim.data());
        return data.getValue(LETTER) instanceof String id
                ? LetterExcerptStore.beginning(client, Long.parseLong(id), BYTES)
                        .map(found -> found.flatMap(PayloadExcerpt::text)
                                .map(text -> data.put("payload", text))
                                .filter(all -> all.toBuffer().length() <= MOST_DATA)
                                .map(all -> claim.with(all.encode()))
                                .orElse(claim))
                : Future.succeededFuture(claim);
    }

    /** The last character may be cut; any other that is no UTF-8 says that these bytes are no text. */
    private static Optional<String> text(Buffer bytes) {
        var chars = CharBuffer.allocate(bytes.length());
        var read = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes()), chars, false);
        var text = chars.flip().toString();
        return read.isError() || text.isBlank() || text.indexOf(0) >= 0
                ? Optional.empty()
                : Optional.of(PlainText.of(text, CHARS));
    }
}

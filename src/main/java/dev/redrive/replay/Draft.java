package dev.redrive.replay;

import dev.redrive.letter.Content;
import io.vertx.core.buffer.Buffer;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * An edit of a letter that can be sent in its place. Never changes; saving again makes the next version.
 *
 * @param version grows with each save of the letter's drafts, from 1
 * @param hash of the content, {@code ContentCodec.hash}
 * @param note why, as the author says
 */
record Draft(
        long id,
        long letterId,
        int version,
        Content content,
        Buffer hash,
        Target target,
        String author,
        @Nullable String note,
        OffsetDateTime savedAt) {}

package dev.redrive.grouping;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes two failures the same, and the words to show for it. No text holds NUL or half a surrogate pair.
 *
 * @param version of the rules that made it, 1 to 127; fingerprints of different versions are never equal
 * @param hash 16 bytes, the first is the version
 * @param title class of the root cause without its package, or what stands for it; 1 to 200 chars
 * @param message normalised, with placeholders like {@code ‹n›}; at most 500 chars
 * @param culprit first frame of own code, like {@code OrderPriceMapper.toCents}; at most 200 chars
 * @param parts why grouped: exactly what went into the hash, in order
 */
public record Fingerprint(
        int version,
        Buffer hash,
        String title,
        @Nullable String message,
        @Nullable String culprit,
        List<Part> parts) {

    public Fingerprint {
        if (hash.length() != 16 || hash.getByte(0) != version) {
            throw new IllegalArgumentException("A fingerprint has 16 bytes and begins with its version");
        }
        parts = List.copyOf(parts);
    }

    /** One named part of a fingerprint, such as {@code exception} or {@code frame}. */
    public record Part(String name, String value) {}
}

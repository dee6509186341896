package dev.redrive.letter;

import dev.redrive.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A whole content as one {@code bytea}, for what an envelope held; and the hash that tells two contents apart. */
public final class ContentCodec {

    private ContentCodec() {}

    public static Buffer encode(Content content) {
        var encoded = Buffer.buffer();
        Bytes.nullable(encoded, content.key());
        Bytes.nullable(encoded, content.value());
        return encoded.appendBuffer(HeaderCodec.encode(content.headers(), null));
    }

    /** @throws IllegalStateException if the bytes are not what {@link #encode} writes */
    public static Content decode(Buffer encoded) {
        var bytes = new Bytes(encoded);
        var key = bytes.nullable();
        var value = bytes.nullable();
        return new Content(key, value, HeaderCodec.decode(bytes.rest(), null));
    }

    /**
     * SHA-256 over key, value and headers in their order. Every part goes in behind its length, with null and empty
     * told apart, so that no two contents give the same bytes to hash.
     */
    public static Buffer hash(Content content) {
        var digest = Sha256.begin();
        part(digest, content.key());
        part(digest, content.value());
        for (var header : content.headers()) {
            part(digest, Buffer.buffer(header.name().getBytes(StandardCharsets.UTF_8)));
            part(digest, header.value());
        }
        return Buffer.buffer(digest.digest());
    }

    private static void part(MessageDigest digest, @Nullable Buffer bytes) {
        digest.update(
                Buffer.buffer(4).appendInt(bytes == null ? -1 : bytes.length()).getBytes());
        if (bytes != null) {
            digest.update(bytes.getBytes());
        }
    }
}

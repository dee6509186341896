package dev.redrive.transfer;

import io.vertx.core.buffer.Buffer;

/** How letters are written into a file of one format. Keeps no state between two letters. */
interface ExportLines {

    /** What comes before the first letter. */
    Buffer head(String q);

    /** The letter, as far as the pieces of its value. */
    Buffer begin(ExportedLetter letter);

    /** Whether the letter's pieces are to be read. */
    boolean takesPieces(ExportedLetter letter);

    /** @param no from 0 */
    Buffer piece(int no, Buffer bytes);

    /** What comes behind the pieces. */
    Buffer end(ExportedLetter letter);

    /**
     * The last line, without which a file was cut.
     *
     * @param sha256 hexadecimal, of every byte before
     */
    Buffer trailer(long letters, String sha256);
}

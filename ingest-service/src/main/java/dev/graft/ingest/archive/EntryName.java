package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.text.Normalizer;
import java.util.Locale;

/// The path of an entry. Archives keep names as bytes and often do not say in which encoding.
///
/// Bytes that are not UTF-8 are kept apart instead of being replaced: each becomes U+FFFD and its two
/// hexadecimal digits, so that two names never become one. Letters are composed (NFC), because systems differ
/// in that.
///
/// @param text     for people, and for the layout
/// @param declared whether the text is certain: ASCII, or said by the archive to be UTF-8
/// @param legacy   whether the name shows that the archive's undeclared names are not in UTF-8
public record EntryName(String text, boolean declared, boolean legacy) {
    /// Stands before the digits of a byte that is not UTF-8.
    static final char UNDECODABLE = '\uFFFD';

    /// Takes a name whose text is certain.
    static EntryName certain(String text) {
        return new EntryName(composed(text), true, false);
    }

    /// Takes a name that the archive says to be UTF-8.
    static EntryName declared(byte[] bytes) {
        return certain(decode(bytes));
    }

    /// Takes a name of a zip that says nothing about its encoding. All names of a zip are made by one program,
    /// so that one which is not UTF-8 makes the others doubtful.
    static EntryName undeclaredOfZip(byte[] bytes) {
        String text = decode(bytes);
        return new EntryName(composed(text), isAscii(bytes), text.indexOf(UNDECODABLE) >= 0);
    }

    /// Takes a name of a tar that says nothing about its encoding. Names of files come from file systems that
    /// hold any bytes; only those of folders make the others doubtful.
    static EntryName undeclaredOfTar(byte[] bytes) {
        String text = decode(bytes);
        int folders = Math.max(0, text.lastIndexOf('/'));
        return new EntryName(
                composed(text), isAscii(bytes), text.substring(0, folders).indexOf(UNDECODABLE) >= 0);
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static String composed(String text) {
        return Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (result.isUnderflow()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append(UNDECODABLE).append(String.format(Locale.ROOT, "%02X", in.get()));
            }
            decoder.reset();
        }
    }
}

package io.tcpcopy.tcpcopy.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A patch in unified format, whose paths begin with {@code a/} and {@code b/}. Lines before the first file are a comment. */
final class SourcePatch {
    private static final String NEW_FILE = "+++ b/";
    private static final Pattern HUNK_HEADER = Pattern.compile("@@ -(\\d+)(?:,\\d+)? \\+.*");

    private final String comment;
    private final List<FilePatch> files = new ArrayList<>();

    /** What a patch does to one file. */
    private record FilePatch(String file, List<Hunk> hunks) {}

    /**
     * Lines that take the place of others.
     *
     * @param line index of the first one when the patch was made; elsewhere there may be more lines by now
     */
    private record Hunk(int line, List<String> from, List<String> to) {}

    /** Reads the lines of a patch. */
    SourcePatch(List<String> lines) {
        StringBuilder comments = new StringBuilder();
        for (String line : lines) {
            Matcher header = HUNK_HEADER.matcher(line);
            if (line.startsWith(NEW_FILE)) {
                files.add(new FilePatch(line.substring(NEW_FILE.length()).strip(), new ArrayList<>()));
            } else if (header.matches()) {
                lastFile()
                        .hunks
                        .add(new Hunk(Integer.parseInt(header.group(1)) - 1, new ArrayList<>(), new ArrayList<>()));
            } else if (!files.isEmpty() && !lastFile().hunks.isEmpty()) {
                addTo(lastFile().hunks.get(lastFile().hunks.size() - 1), line);
            } else if (files.isEmpty() && !line.startsWith("--- ")) {
                comments.append(line).append(' ');
            }
        }
        comment = comments.toString().strip();
    }

    private FilePatch lastFile() {
        return files.get(files.size() - 1);
    }

    private static void addTo(Hunk hunk, String line) {
        char mark = line.isEmpty() ? ' ' : line.charAt(0);
        String text = line.isEmpty() ? "" : line.substring(1);
        if (mark == ' ' || mark == '-') {
            hunk.from.add(text);
        }
        if (mark == ' ' || mark == '+') {
            hunk.to.add(text);
        }
    }

    /** What the patch says of itself. */
    String comment() {
        return comment;
    }

    /**
     * Writes the files as they are with the patch.
     *
     * @param root of the sources, which stay as they are
     * @param copies folder for the changed files
     * @return the changed files
     * @throws DoesNotApplyException if the sources are not those that the patch was made for
     */
    List<Path> apply(Path root, Path copies) throws IOException, DoesNotApplyException {
        if (files.isEmpty()) {
            throw new DoesNotApplyException("it changes no file");
        }
        List<Path> changed = new ArrayList<>();
        for (FilePatch patch : files) {
            Path source = root.resolve(patch.file);
            if (!Files.exists(source)) {
                throw new DoesNotApplyException("there is no " + patch.file);
            }
            List<String> lines = new ArrayList<>(Files.readAllLines(source));
            int moved = 0;
            for (Hunk hunk : patch.hunks) {
                int at = find(hunk, lines, hunk.line + moved);
                if (at < 0) {
                    throw new DoesNotApplyException(patch.file + " has changed near line " + (hunk.line + 1));
                }
                lines.subList(at, at + hunk.from.size()).clear();
                lines.addAll(at, hunk.to);
                moved = at - hunk.line + hunk.to.size() - hunk.from.size();
            }
            Path copy = copies.resolve(patch.file);
            Files.createDirectories(copy.getParent());
            Files.write(copy, lines);
            changed.add(copy);
        }
        return changed;
    }

    /** Where the lines stand that a hunk replaces, as near as possible to where they stood; negative if nowhere. */
    private static int find(Hunk hunk, List<String> lines, int expected) {
        int size = hunk.from.size();
        int best = -1;
        for (int at = 0; at + size <= lines.size(); at++) {
            boolean nearer = best < 0 || Math.abs(at - expected) < Math.abs(best - expected);
            if (nearer && lines.subList(at, at + size).equals(hunk.from)) {
                best = at;
            }
        }
        return best;
    }

    /** The sources are not those that a patch was made for. */
    static final class DoesNotApplyException extends Exception {
        private static final long serialVersionUID = 1L;

        DoesNotApplyException(String message) {
            super(message);
        }
    }
}

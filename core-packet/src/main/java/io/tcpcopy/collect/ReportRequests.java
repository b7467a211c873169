package io.tcpcopy.collect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a running program's report written when somebody asks for it, one at a time: it takes seconds. The log says where it
 * is, or why there is none.
 */
public final class ReportRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ReportRequests.class);

    /** Where systemd lets a service keep logs, one folder or several: systemd.exec(5), LogsDirectory. */
    private static final String LOGS_VARIABLE = "LOGS_DIRECTORY";

    private static final String FOLDER_SEPARATOR = ":";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

    private final Report report;
    private final Path folder;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Reports of a running program go to the folder that systemd gives it for logs, else to that of its log, else to where it was started. */
    public ReportRequests(Report report) {
        this(report, folder(Optional.ofNullable(System.getenv(LOGS_VARIABLE)), report.log()));
    }

    ReportRequests(Report report, Path folder) {
        this.report = report;
        this.folder = folder;
    }

    static Path folder(Optional<String> logsDirectory, Optional<Path> log) {
        return logsDirectory
                .map(folders -> folders.split(FOLDER_SEPARATOR)[0])
                .filter(first -> !first.isEmpty())
                .map(Path::of)
                .or(() -> log.filter(Files::isRegularFile).map(Path::getParent))
                .orElse(Path.of(""))
                .toAbsolutePath();
    }

    /** Writes a report, unless one is being written. It waits for programs of the host: not to be called by the program's own thread. */
    public void writeNow() {
        if (!busy.compareAndSet(false, true)) {
            LOG.info("a report is being written already");
            return;
        }
        Path file = folder.resolve(report.program() + "-" + TIME.format(LocalDateTime.now()) + ".tar.gz");
        try {
            report.write(file);
            LOG.info("report written: {}", file);
        } catch (IOException e) {
            LOG.warn("no report: {} {}", file, Report.reason(e));
        } finally {
            busy.set(false);
        }
    }
}

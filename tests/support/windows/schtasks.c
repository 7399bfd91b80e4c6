/*
 * schtasks.exe for Wine, whose own cannot be given a task as XML. Tasks are kept where Windows keeps them, as UTF-16
 * files below System32\Tasks; /run really starts the command, once at a time, and as the system itself would: without
 * the variables of whoever asks. /query /xml writes in the console's code page, whatever the text says of itself.
 * Ends with 1 whatever goes wrong, as the real one does. Understood: /create /tn /xml /f, /run, /query [/xml], /delete /f.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define ROOT L"C:\\windows\\system32\\Tasks"
#define MOST 65536

static wchar_t place[1024], running[1040], xml[MOST];

static int failed(const char *words)
{
    fprintf(stderr, "ERROR: %s\n", words);
    return 1;
}

static const wchar_t *option(int count, wchar_t **words, const wchar_t *name)
{
    int i;
    for (i = 2; i + 1 < count; i++)
        if (!_wcsicmp(words[i], name))
            return words[i + 1];
    return NULL;
}

static int flag(int count, wchar_t **words, const wchar_t *name)
{
    int i;
    for (i = 2; i < count; i++)
        if (!_wcsicmp(words[i], name))
            return 1;
    return 0;
}

/* The text of a UTF-16 file without its mark; 0 where it is none. */
static int load(const wchar_t *path)
{
    FILE *file = _wfopen(path, L"rb");
    size_t size;
    if (!file)
        return 0;
    size = fread(xml, sizeof *xml, MOST - 1, file);
    fclose(file);
    xml[size] = 0;
    if (!size || xml[0] != 0xFEFF)
        return 0;
    memmove(xml, xml + 1, size * sizeof *xml);
    return 1;
}

/* What stands between a tag and its end, with the five named characters as they are meant. */
static wchar_t *element(const wchar_t *name)
{
    static const wchar_t *NAMES[] = {L"&lt;", L"&gt;", L"&quot;", L"&apos;", L"&amp;"};
    static const wchar_t MEANT[] = L"<>\"'&";
    wchar_t tag[64], *start, *end, *text, *to;
    int i;

    swprintf(tag, 64, L"<%ls>", name);
    start = wcsstr(xml, tag);
    swprintf(tag, 64, L"</%ls>", name);
    end = start ? wcsstr(start, tag) : NULL;
    text = calloc(MOST, sizeof *text);
    if (!end)
        return text;
    start += wcslen(name) + 2;
    for (to = text; start < end; to++) {
        for (i = 0; i < 5 && wcsncmp(start, NAMES[i], wcslen(NAMES[i])); i++)
            ;
        *to = i < 5 ? MEANT[i] : *start;
        start += i < 5 ? wcslen(NAMES[i]) : 1;
    }
    return text;
}

static int create(const wchar_t *from, int anew)
{
    wchar_t *end;
    if (!from || !load(from))
        return failed("The task XML is malformed. (1,2)::ERROR: incorrect document syntax");
    if (!*element(L"Command") || wcscmp(element(L"UserId"), L"S-1-5-18") || !wcsstr(xml, L"windows/2004/02/mit/task"))
        return failed("The task XML contains a value which is incorrectly formatted or out of range.");
    if (GetFileAttributesW(place) != INVALID_FILE_ATTRIBUTES && !anew)
        return failed("The task name already exists.");
    for (end = wcschr(place + wcslen(ROOT) + 1, L'\\'); end; end = wcschr(end + 1, L'\\')) {
        *end = 0;
        CreateDirectoryW(ROOT, NULL);
        CreateDirectoryW(place, NULL);
        *end = L'\\';
    }
    if (!CopyFileW(from, place, FALSE))
        return failed("The system cannot find the path specified.");
    printf("SUCCESS: The scheduled task has successfully been created.\n");
    return 0;
}

static int runs_already(void)
{
    DWORD pid = 0, code = 0;
    HANDLE process;
    FILE *file = _wfopen(running, L"r");
    if (!file)
        return 0;
    if (fscanf(file, "%lu", &pid) != 1)
        pid = 0;
    fclose(file);
    process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, pid);
    if (!process)
        return 0;
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code == STILL_ACTIVE;
}

/* The system's own variables only. */
static wchar_t *block(void)
{
    static const wchar_t *KEPT[] = {L"SystemRoot", L"SystemDrive", L"PATH", L"TEMP", L"ProgramData", L"ComSpec", L"windir"};
    wchar_t *made = calloc(MOST, sizeof *made), *at = made, value[8192];
    size_t i;
    for (i = 0; i < sizeof KEPT / sizeof *KEPT; i++)
        if (GetEnvironmentVariableW(KEPT[i], value, 8192))
            at += swprintf(at, 8300, L"%ls=%ls", KEPT[i], value) + 1;
    at += swprintf(at, 64, L"USERNAME=SYSTEM") + 1;
    return made;
}

static int run(void)
{
    STARTUPINFOW startup = {sizeof startup};
    PROCESS_INFORMATION born;
    wchar_t *line = calloc(MOST, sizeof *line), *folder = element(L"WorkingDirectory");
    FILE *file;

    if (!runs_already()) {
        swprintf(line, MOST, L"\"%ls\" %ls", element(L"Command"), element(L"Arguments"));
        if (CreateProcessW(NULL, line, NULL, NULL, FALSE, DETACHED_PROCESS | CREATE_UNICODE_ENVIRONMENT, block(),
                           *folder ? folder : NULL, &startup, &born)) {
            file = _wfopen(running, L"w");
            fprintf(file, "%lu", born.dwProcessId);
            fclose(file);
        }
    }
    printf("SUCCESS: Attempted to run the scheduled task.\n");
    return 0;
}

static int tell(int as_xml)
{
    static char said[MOST * 2];
    if (!as_xml) {
        printf("\nFolder: \\smena\nTaskName   Next Run Time   Status\n");
        return 0;
    }
    WideCharToMultiByte(CP_OEMCP, 0, xml, -1, said, sizeof said, NULL, NULL);
    fputs(said, stdout);
    return 0;
}

int wmain(int count, wchar_t **words)
{
    const wchar_t *what = count > 1 ? words[1] : L"", *name = option(count, words, L"/tn");

    if (!name || name[0] != L'\\')
        return failed("Invalid syntax.");
    swprintf(place, 1024, L"%ls%ls", ROOT, name);
    swprintf(running, 1040, L"%ls.pid", place);
    if (!_wcsicmp(what, L"/create"))
        return create(option(count, words, L"/xml"), flag(count, words, L"/f"));
    if (!load(place))
        return failed("The system cannot find the file specified.");
    if (!_wcsicmp(what, L"/run"))
        return run();
    if (!_wcsicmp(what, L"/query"))
        return tell(flag(count, words, L"/xml"));
    if (!_wcsicmp(what, L"/delete") && flag(count, words, L"/f"))
        return DeleteFileW(place) ? 0 : failed("Access is denied.");
    return failed("Invalid syntax.");
}

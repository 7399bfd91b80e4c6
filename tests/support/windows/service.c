/*
 * A service of the stand-in Loginom: the same program is the server and, under the name httpd.exe, the web server.
 *
 * It says the version of its own file over HTTP. The server refuses to start without a licence for its major version
 * or without its UserStorage, and writes into UserStorage as it starts, as a server that converts its data would.
 * A file C:\hang makes it stay in STOP_PENDING for ever.
 */
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SERVICE_STATUS_HANDLE handle;
static SERVICE_STATUS status;
static SOCKET listener = INVALID_SOCKET;
static HANDLE over;
static char program[MAX_PATH], folder[MAX_PATH], version[64];
static int is_web;

static void say(DWORD state, DWORD error, DWORD own)
{
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP : 0;
    status.dwWin32ExitCode = error;
    status.dwServiceSpecificExitCode = own;
    status.dwWaitHint = state == SERVICE_RUNNING || state == SERVICE_STOPPED ? 0 : 2000;
    status.dwCheckPoint = state == SERVICE_RUNNING || state == SERVICE_STOPPED ? 0 : status.dwCheckPoint + 1;
    SetServiceStatus(handle, &status);
}

static DWORD WINAPI control(DWORD what, DWORD kind, LPVOID data, LPVOID own)
{
    if (what == SERVICE_CONTROL_STOP) {
        say(SERVICE_STOP_PENDING, 0, 0);
        if (GetFileAttributesA("C:\\hang") == INVALID_FILE_ATTRIBUTES) {
            SetEvent(over);
            closesocket(listener);
        }
    }
    return NO_ERROR;
}

static int text_of(const char *path, char *text, int size)
{
    FILE *file = fopen(path, "rb");
    int length;

    text[0] = 0;
    if (!file)
        return 0;
    length = (int)fread(text, 1, size - 1, file);
    text[length] = 0;
    fclose(file);
    return 1;
}

static void attribute(const char *text, const char *name, char *value, int size)
{
    char wanted[64];
    const char *at;
    int i = 0;

    value[0] = 0;
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    at = strstr(text, wanted);
    if (!at)
        return;
    for (at += strlen(wanted); *at && *at != '"' && i < size - 1; at++)
        value[i++] = *at;
    value[i] = 0;
}

static void read_version(void)
{
    static char block[8192];
    VS_FIXEDFILEINFO *info;
    UINT size;

    if (GetFileVersionInfoA(program, 0, sizeof block, block) && VerQueryValueA(block, "\\", (void **)&info, &size))
        snprintf(version, sizeof version, "%d.%d.%d.%d", HIWORD(info->dwFileVersionMS), LOWORD(info->dwFileVersionMS),
                 HIWORD(info->dwFileVersionLS), LOWORD(info->dwFileVersionLS));
}

static void data_folder(char *path, int size)
{
    snprintf(path, size, "%s\\Server",
             version[0] == '6' ? "C:\\ProgramData\\BaseGroup\\Loginom 6" : "C:\\ProgramData\\Loginom");
}

static int web_port(void)
{
    char value[32], key[64];
    DWORD size = sizeof value;

    snprintf(key, sizeof key, "SOFTWARE\\BaseGroup\\Loginom %c", version[0]);
    if (RegGetValueA(HKEY_LOCAL_MACHINE, key, "WebPort", RRF_RT_REG_SZ, NULL, value, &size))
        return 80;
    return atoi(value);
}

/* What the server answers; NULL with an own error number when it cannot start. */
static const char *server_ready(int *port, DWORD *error)
{
    static char answer[4096], users[1024], settings[16384];
    char data[MAX_PATH], path[MAX_PATH * 2], storage[MAX_PATH], number[32], licence[256], major[2] = {version[0], 0};
    FILE *file;

    data_folder(data, sizeof data);
    *error = 17;
    if (!text_of("C:\\ProgramData\\Guardant\\licence.txt", licence, sizeof licence) || !strstr(licence, major))
        return NULL;
    *error = 18;
    snprintf(path, sizeof path, "%s\\Settings.cfg", data);
    text_of(path, settings, sizeof settings);
    attribute(settings, "UserStorage", storage, sizeof storage);
    if (!storage[0])
        snprintf(storage, sizeof storage, "%s\\UserStorage", data);
    snprintf(path, sizeof path, "%s\\users.txt", storage);
    if (!text_of(path, users, sizeof users))
        return NULL;
    snprintf(path, sizeof path, "%s\\started.txt", storage);
    if ((file = fopen(path, "ab"))) {
        fprintf(file, "%s\n", version);
        fclose(file);
    }
    attribute(settings, "Port", number, sizeof number);
    *port = number[0] ? atoi(number) : 4580;
    snprintf(answer, sizeof answer, "Loginom %s\n%s", version, users);
    return answer;
}

static const char *web_ready(int *port, DWORD *error)
{
    static char answer[8192], page[1024], address[1024];
    char path[MAX_PATH * 2];

    *error = 19;
    *port = web_port();
    snprintf(path, sizeof path, "%s\\..\\Client\\index.html", folder);
    if (!text_of(path, page, sizeof page))
        return NULL;
    snprintf(path, sizeof path, "%s\\..\\Client\\server.json", folder);
    text_of(path, address, sizeof address);
    snprintf(answer, sizeof answer, "Studio %s\n%s\n%s", version, page, address);
    return answer;
}

static void serve(const char *answer)
{
    char asked[4096];
    SOCKET one;

    while ((one = accept(listener, NULL, NULL)) != INVALID_SOCKET) {
        char head[256];
        int got = recv(one, asked, sizeof asked - 1, 0);
        int found = got > 4 && (!is_web || (asked[got] = 0, strstr(asked, " /app/ ")));

        snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
                 found ? "200 OK" : "404 Not Found", found ? (int)strlen(answer) : 0);
        send(one, head, (int)strlen(head), 0);
        if (found)
            send(one, answer, (int)strlen(answer), 0);
        shutdown(one, SD_SEND);
        closesocket(one);
    }
}

static int open_port(int port)
{
    struct sockaddr_in address = {0};

    listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((u_short)port);
    return bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16);
}

static void WINAPI service_main(DWORD count, LPSTR *words)
{
    WSADATA sockets;
    const char *answer;
    DWORD error = 0;
    int port = 0;

    handle = RegisterServiceCtrlHandlerExA("", control, NULL);
    say(SERVICE_START_PENDING, 0, 0);
    WSAStartup(MAKEWORD(2, 2), &sockets);
    read_version();
    answer = is_web ? web_ready(&port, &error) : server_ready(&port, &error);
    if (!answer || open_port(port)) {
        say(SERVICE_STOPPED, ERROR_SERVICE_SPECIFIC_ERROR, answer ? 20 : error);
        return;
    }
    say(SERVICE_RUNNING, 0, 0);
    serve(answer);
    WaitForSingleObject(over, INFINITE);
    say(SERVICE_STOPPED, 0, 0);
}

int main(void)
{
    SERVICE_TABLE_ENTRYA table[] = {{(char *)"", service_main}, {NULL, NULL}};
    char *slash;

    over = CreateEventA(NULL, TRUE, FALSE, NULL);
    GetModuleFileNameA(NULL, program, sizeof program);
    strcpy(folder, program);
    slash = strrchr(folder, '\\');
    is_web = slash && !_stricmp(slash + 1, "httpd.exe");
    if (slash)
        *slash = 0;
    return StartServiceCtrlDispatcherA(table) ? 0 : 1;
}

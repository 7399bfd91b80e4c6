/*
 * What the stand-in Integrator's installer runs: it sets up the application of IIS, or takes it and its pool away.
 *
 * lgi install SITE APPLICATION POOL      the folder is this program's own
 * lgi remove SITE APPLICATION POOL
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

static DWORD appcmd(const char *words, const char *one, const char *two, const char *three)
{
    char line[4096];
    STARTUPINFOA start = {sizeof start};
    PROCESS_INFORMATION made;
    DWORD status = 1;

    strcpy(line, "C:\\windows\\system32\\inetsrv\\appcmd.exe ");
    snprintf(line + strlen(line), sizeof line - strlen(line), words, one, two, three);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &start, &made))
        return 1;
    WaitForSingleObject(made.hProcess, INFINITE);
    GetExitCodeProcess(made.hProcess, &status);
    return status;
}

int main(int count, char **words)
{
    char folder[MAX_PATH], *slash;

    if (count != 5)
        return 2;
    if (!strcmp(words[1], "remove")) {
        appcmd("delete app \"/app.name:%s/%s\" %s", words[2], words[3], "/xml");
        return (int)appcmd("delete apppool \"/apppool.name:%s\" %s %s", words[4], "/xml", "");
    }
    GetModuleFileNameA(NULL, folder, sizeof folder);
    slash = strrchr(folder, '\\');
    *slash = 0;
    appcmd("add apppool \"/name:%s\" %s %s", words[4], "/xml", "");
    if (appcmd("set vdir \"/vdir.name:%s/%s/\" \"/physicalPath:%s\"", words[2], words[3], folder))
        appcmd("add app \"/site.name:%s\" \"/path:/%s\" \"/physicalPath:%s\"", words[2], words[3], folder);
    return (int)appcmd("set app \"/app.name:%s/%s\" \"/applicationPool:%s\"", words[2], words[3], words[4]);
}

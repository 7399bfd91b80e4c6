/*
 * sc.exe for Wine, whose own knows neither queryex nor config nor enumdepend and ends with 1 whatever went wrong.
 * Real calls to the real service manager; the words, the order of the fields and the exit statuses are the true ones.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const wchar_t *NAMES[] = {L"", L"STOPPED", L"START_PENDING", L"STOP_PENDING", L"RUNNING", L"CONTINUE_PENDING",
                                 L"PAUSE_PENDING", L"PAUSED"};

static int failed(const char *what)
{
    DWORD error = GetLastError();
    printf("[SC] %s FAILED %lu:\n\n", what, error);
    return (int)error;
}

static const char *type_of(DWORD type)
{
    return type & SERVICE_WIN32_SHARE_PROCESS ? "WIN32_SHARE_PROCESS" : "WIN32_OWN_PROCESS";
}

static void tell(const wchar_t *name, const SERVICE_STATUS_PROCESS *s, int with_process)
{
    printf("\nSERVICE_NAME: %ls \n", name);
    printf("        TYPE               : %lx  %s  \n", s->dwServiceType, type_of(s->dwServiceType));
    printf("        STATE              : %lu  %ls \n", s->dwCurrentState, NAMES[s->dwCurrentState & 7]);
    printf("                                (%s, NOT_PAUSABLE, IGNORES_SHUTDOWN)\n",
           s->dwControlsAccepted & SERVICE_ACCEPT_STOP ? "STOPPABLE" : "NOT_STOPPABLE");
    printf("        WIN32_EXIT_CODE    : %lu  (0x%lx)\n", s->dwWin32ExitCode, s->dwWin32ExitCode);
    printf("        SERVICE_EXIT_CODE  : %lu  (0x%lx)\n", s->dwServiceSpecificExitCode, s->dwServiceSpecificExitCode);
    printf("        CHECKPOINT         : 0x%lx\n", s->dwCheckPoint);
    printf("        WAIT_HINT          : 0x%lx\n", s->dwWaitHint);
    if (with_process) {
        printf("        PID                : %lu\n", s->dwProcessId);
        printf("        FLAGS              : \n");
    }
}

static int query(SC_HANDLE service, const wchar_t *name, int with_process)
{
    SERVICE_STATUS_PROCESS status;
    DWORD size;

    if (!QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &size))
        return failed("QueryServiceStatusEx");
    tell(name, &status, with_process);
    return 0;
}

static int depends(const wchar_t *other, const wchar_t *name)
{
    wchar_t key[256], list[1024];
    const wchar_t *at;
    DWORD size = sizeof list;

    swprintf(key, 256, L"SYSTEM\\CurrentControlSet\\Services\\%ls", other);
    if (RegGetValueW(HKEY_LOCAL_MACHINE, key, L"DependOnService", RRF_RT_REG_MULTI_SZ, NULL, list, &size))
        return 0;
    for (at = list; *at; at += wcslen(at) + 1)
        if (!_wcsicmp(at, name))
            return 1;
    return 0;
}

/* Wine's EnumDependentServices finds nothing, so the registry is asked what each service depends on. */
static int dependents(SC_HANDLE manager, const wchar_t *name)
{
    static BYTE block[262144];
    ENUM_SERVICE_STATUS_PROCESSW *all = (ENUM_SERVICE_STATUS_PROCESSW *)block;
    DWORD size, count, i, number = 0;

    if (!EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, block, sizeof block,
                               &size, &count, NULL, NULL))
        return failed("EnumServicesStatusEx");
    for (i = 0; i < count; i++)
        number += depends(all[i].lpServiceName, name);
    printf("Enum: entriesread  = %lu\n", number);
    for (i = 0; i < count; i++)
        if (depends(all[i].lpServiceName, name))
            tell(all[i].lpServiceName, &all[i].ServiceStatusProcess, 0);
    return 0;
}

static const wchar_t *option(int count, wchar_t **words, const wchar_t *name)
{
    int i;
    for (i = 3; i + 1 < count; i++)
        if (!_wcsicmp(words[i], name))
            return words[i + 1];
    return NULL;
}

static DWORD start_of(const wchar_t *word)
{
    if (!word)
        return SERVICE_NO_CHANGE;
    if (!_wcsicmp(word, L"auto") || !_wcsicmp(word, L"delayed-auto"))
        return SERVICE_AUTO_START;
    return !_wcsicmp(word, L"disabled") ? SERVICE_DISABLED : SERVICE_DEMAND_START;
}

static wchar_t *list_of(const wchar_t *names)
{
    static wchar_t list[512];
    wchar_t *at;
    if (!names)
        return NULL;
    memset(list, 0, sizeof list);
    wcsncpy(list, names, 500);
    for (at = list; *at; at++)
        if (*at == '/')
            *at = 0;
    return list;
}

/* The system's own accounts, those of services, and managed ones: the true one refuses every other without a password. */
static int has_no_password(const wchar_t *account)
{
    return !account || !_wcsicmp(account, L"LocalSystem") || !_wcsnicmp(account, L"NT AUTHORITY\\", 13) ||
           !_wcsnicmp(account, L"NT SERVICE\\", 11) || account[wcslen(account) - 1] == '$';
}

static int refused(int count, wchar_t **words)
{
    if (has_no_password(option(count, words, L"obj=")) || option(count, words, L"password="))
        return 0;
    SetLastError(ERROR_INVALID_SERVICE_ACCOUNT);
    return 1;
}

static int managed(int count, wchar_t **words)
{
    wchar_t key[256];
    DWORD yes[1] = {count > 3 && !_wcsicmp(words[3], L"true")};

    swprintf(key, 256, L"SYSTEM\\CurrentControlSet\\Services\\%ls", words[2]);
    if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, L"ServiceAccountManaged", REG_BINARY, yes, sizeof yes))
        return failed("ChangeServiceConfig2");
    printf("[SC] ChangeServiceConfig2 SUCCESS\n");
    return 0;
}

static int changed(SC_HANDLE service, int count, wchar_t **words)
{
    const wchar_t *start = option(count, words, L"start=");

    if (refused(count, words) ||
        !ChangeServiceConfigW(service, SERVICE_NO_CHANGE, start_of(start), SERVICE_NO_CHANGE,
                              option(count, words, L"binPath="), NULL, NULL, list_of(option(count, words, L"depend=")),
                              option(count, words, L"obj="), option(count, words, L"password="),
                              option(count, words, L"DisplayName=")))
        return failed("ChangeServiceConfig");
    if (start && start_of(start) == SERVICE_AUTO_START) {
        SERVICE_DELAYED_AUTO_START_INFO delayed = {!_wcsicmp(start, L"delayed-auto")};
        ChangeServiceConfig2W(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed);
    }
    printf("[SC] ChangeServiceConfig SUCCESS\n");
    return 0;
}

static int created(SC_HANDLE manager, int count, wchar_t **words)
{
    const wchar_t *start = option(count, words, L"start=");
    const wchar_t *shown = option(count, words, L"DisplayName=");

    if (refused(count, words) ||
        !CreateServiceW(manager, words[2], shown ? shown : words[2], SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                        start ? start_of(start) : SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL,
                        option(count, words, L"binPath="), NULL, NULL, list_of(option(count, words, L"depend=")),
                        option(count, words, L"obj="), option(count, words, L"password=")))
        return failed("CreateService");
    printf("[SC] CreateService SUCCESS\n");
    return 0;
}

int wmain(int count, wchar_t **words)
{
    SC_HANDLE manager, service;
    SERVICE_STATUS status;
    const wchar_t *what = count > 2 ? words[1] : L"";

    if (count < 3)
        return 1639;
    manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    if (!manager)
        return failed("OpenSCManager");
    if (!_wcsicmp(what, L"create"))
        return created(manager, count, words);
    service = OpenServiceW(manager, words[2], SERVICE_ALL_ACCESS);
    if (!service)
        return failed("EnumQueryServicesStatus:OpenService");
    if (!_wcsicmp(what, L"query"))
        return query(service, words[2], 0);
    if (!_wcsicmp(what, L"queryex"))
        return query(service, words[2], 1);
    if (!_wcsicmp(what, L"enumdepend"))
        return dependents(manager, words[2]);
    if (!_wcsicmp(what, L"config"))
        return changed(service, count, words);
    if (!_wcsicmp(what, L"managedaccount"))
        return managed(count, words);
    if (!_wcsicmp(what, L"start")) {
        if (!StartServiceW(service, 0, NULL))
            return failed("StartService");
        return query(service, words[2], 1);
    }
    if (!_wcsicmp(what, L"stop")) {
        if (!ControlService(service, SERVICE_CONTROL_STOP, &status))
            return failed("ControlService");
        return query(service, words[2], 0);
    }
    if (!_wcsicmp(what, L"delete"))
        return DeleteService(service) ? 0 : failed("DeleteService");
    return 1639;
}

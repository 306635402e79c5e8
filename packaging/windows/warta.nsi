; Warta's installer for Windows, for the current user. `scripts/windows/installer.mjs` calls makensis with these:
;   VERSION    as 0.1.0
;   FILES      folder with all that is installed
;   LIST       folder with install.nsh and uninstall.nsh, which name each of these files, and side.bmp
;   ICON       the program's icon
;   OUT        the installer
;   SIZE       size of all files, in KiB
;   WEBVIEW2   Microsoft's bootstrapper of WebView2, which is packed; without it the installer downloads it
;   AMD64      makes a 64-bit installer: Debian's NSIS can, the one for Windows cannot
;
; Arguments, which Tauri's updater gives too: /S silent; /P passive, progress only; /R start Warta afterwards, with
; what follows /ARGS; /UPDATE an update; /D=FOLDER (the last one) where to.
;
; Reading data, settings and articles are in %APPDATA%\org.warta.reader. Neither installer nor uninstaller touches them.
; The search path of programs is not changed: it may be longer than NSIS can hold.

!ifdef AMD64
  Target amd64-unicode
!else
  Unicode true
!endif
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10

!define NAME "Warta"
!define IDENTIFIER "org.warta.reader"
!define PROGRAM "warta-desktop.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASSES "Software\Classes"
!define CAPABILITIES "Software\${IDENTIFIER}\Capabilities"
!define WEBVIEW2_CLIENT "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
!define WEBVIEW2_ADDRESS "https://go.microsoft.com/fwlink/p/?LinkId=2124703"
; Exit codes besides those of NSIS (1: cancelled, 2: failed).
!define RUNS_STILL 10
!define NO_WEBVIEW2 11
!define OLD_WINDOWS 12

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails show

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "The Warta authors, MIT or Apache-2.0"

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${LIST}\side.bmp"
!define MUI_ABORTWARNING
!define MUI_UNFINISHPAGE_NOAUTOCLOSE
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION startWarta

!define MUI_PAGE_CUSTOMFUNCTION_PRE skipIfPassive
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_PRE skipIfPassive
!insertmacro MUI_PAGE_FINISH

!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(DATA_STAYS)"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The first is used where Windows speaks neither.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Indonesian"
!include texts.nsh

Var passive
Var restarts
Var arguments

!insertmacro GetSize
!insertmacro GetParameters
!insertmacro GetOptions

; --- Installing

Function .onInit
  SetRegView 64
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    SetErrorLevel ${OLD_WINDOWS}
    MessageBox MB_ICONSTOP|MB_OK "$(NEEDS_WINDOWS_10)" /SD IDOK
    Quit
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} "$0" "/P" $1
  ${IfNot} ${Errors}
    StrCpy $passive 1
  ${EndIf}
  ClearErrors
  ${GetOptions} "$0" "/R" $1
  ${IfNot} ${Errors}
    StrCpy $restarts 1
  ${EndIf}
  ClearErrors
  ${GetOptions} "$0" "/ARGS" $arguments
  ClearErrors
FunctionEnd

Function skipIfPassive
  ${If} $passive == 1
    Abort
  ${EndIf}
FunctionEnd

Function startWarta
  Exec '"$INSTDIR\${PROGRAM}" $arguments'
FunctionEnd

; Windows keeps the file of a program that runs from being written. An update begins while the old version ends.
!macro waitForEnd un
Function ${un}waitForEnd
  StrCpy $1 0
  ${Do}
    ClearErrors
    ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
      FileOpen $0 "$INSTDIR\${PROGRAM}" a
      FileClose $0
    ${EndIf}
    ${If} ${FileExists} "$INSTDIR\warta.exe"
      FileOpen $0 "$INSTDIR\warta.exe" a
      FileClose $0
    ${EndIf}
    ${IfNot} ${Errors}
      Return
    ${EndIf}
    IntOp $1 $1 + 1
    ${If} $1 < 20
      Sleep 250
    ${Else}
      StrCpy $1 0
      MessageBox MB_ICONEXCLAMATION|MB_RETRYCANCEL "$(STILL_RUNS)" /SD IDCANCEL IDRETRY again
      SetErrorLevel ${RUNS_STILL}
      Quit
      again:
    ${EndIf}
  ${Loop}
FunctionEnd
!macroend
!insertmacro waitForEnd ""
!insertmacro waitForEnd "un."

; Puts the version of the installed WebView2 into $0; empty without one.
Function findWebView2
  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\${WEBVIEW2_CLIENT}" "pv"
  ${If} $0 == ""
  ${OrIf} $0 == "0.0.0.0"
    ReadRegStr $0 HKCU "Software\${WEBVIEW2_CLIENT}" "pv"
  ${EndIf}
  ${If} $0 == "0.0.0.0"
    StrCpy $0 ""
  ${EndIf}
FunctionEnd

; Windows 11 has WebView2, and most of Windows 10.
Function getWebView2
  Call findWebView2
  ${If} $0 != ""
    Return
  ${EndIf}
  DetailPrint "$(GETS_WEBVIEW2)"
  InitPluginsDir
  !ifdef WEBVIEW2
    File "/oname=$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe" "${WEBVIEW2}"
  !else
    System::Call 'urlmon::URLDownloadToFileW(p 0, w "${WEBVIEW2_ADDRESS}", w "$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe", i 0, p 0) i'
  !endif
  ClearErrors
  ExecWait '"$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe" /silent /install'
  Call findWebView2
  ${If} $0 == ""
    SetErrorLevel ${NO_WEBVIEW2}
    MessageBox MB_ICONSTOP|MB_OK "$(NEEDS_WEBVIEW2)" /SD IDOK
    Quit
  ${EndIf}
FunctionEnd

; A scheme of links that other programs open too stays theirs where they have it; the reader may choose in the
; settings of Windows, which lists Warta.
!macro openLinks scheme mine
  WriteRegStr HKCU "${CAPABILITIES}\URLAssociations" "${scheme}" "${NAME}.link"
  ReadRegStr $0 HKCU "${CLASSES}\${scheme}\shell\open\command" ""
  ; Also where an earlier installation was in another folder.
  StrLen $1 '\${PROGRAM}" "%1"'
  StrCpy $1 $0 "" -$1
  ${If} $0 == ""
  ${OrIf} ${mine} == 1
  ${OrIf} $1 == '\${PROGRAM}" "%1"'
    WriteRegStr HKCU "${CLASSES}\${scheme}" "" "URL:${scheme}"
    WriteRegStr HKCU "${CLASSES}\${scheme}" "URL Protocol" ""
    WriteRegStr HKCU "${CLASSES}\${scheme}\DefaultIcon" "" '"$INSTDIR\${PROGRAM}",0'
    WriteRegStr HKCU "${CLASSES}\${scheme}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
  ${EndIf}
  ClearErrors
!macroend

!macro forgetLinks scheme
  ReadRegStr $0 HKCU "${CLASSES}\${scheme}\shell\open\command" ""
  ${If} $0 == '"$INSTDIR\${PROGRAM}" "%1"'
    DeleteRegKey HKCU "${CLASSES}\${scheme}"
  ${EndIf}
!macroend

!macro class name description
  WriteRegStr HKCU "${CLASSES}\${name}" "" "${description}"
  WriteRegStr HKCU "${CLASSES}\${name}\DefaultIcon" "" '"$INSTDIR\${PROGRAM}",0'
  WriteRegStr HKCU "${CLASSES}\${name}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
!macroend

; Explorer learns of the new kinds of links and files.
!macro tellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section
  SetRegView 64
  SetAutoClose true
  Call waitForEnd
  Call getWebView2

  ClearErrors
  !include "${LIST}\install.nsh"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    SetErrorLevel 2
    Abort "$(NOT_WRITTEN)"
  ${EndIf}

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"

  ; Programs that start by name from the Run dialog.
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\${PROGRAM}" "" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\warta.exe" "" "$INSTDIR\warta.exe"

  ; Whose the notifications are.
  WriteRegStr HKCU "${CLASSES}\AppUserModelId\${IDENTIFIER}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${CLASSES}\AppUserModelId\${IDENTIFIER}" "IconUri" "$INSTDIR\warta.png"

  !insertmacro class "${NAME}.link" "Warta"
  !insertmacro class "${NAME}.opml" "OPML"
  WriteRegNone HKCU "${CLASSES}\.opml\OpenWithProgids" "${NAME}.opml"
  WriteRegStr HKCU "${CAPABILITIES}" "ApplicationName" "${NAME}"
  WriteRegStr HKCU "${CAPABILITIES}" "ApplicationDescription" "$(DESCRIPTION)"
  WriteRegStr HKCU "${CAPABILITIES}\FileAssociations" ".opml" "${NAME}.opml"
  WriteRegStr HKCU "Software\RegisteredApplications" "${NAME}" "${CAPABILITIES}"
  !insertmacro openLinks "warta" 1
  !insertmacro openLinks "feed" 0
  !insertmacro openLinks "web+feed" 0

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" '"$INSTDIR\${PROGRAM}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Warta authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  !insertmacro tellExplorer
SectionEnd

Function .onInstSuccess
  ${If} $restarts == 1
    Call startWarta
  ${EndIf}
FunctionEnd

; --- Uninstalling

Function un.onInit
  SetRegView 64
FunctionEnd

Section Uninstall
  SetRegView 64
  Call un.waitForEnd
  !include "${LIST}\uninstall.nsh"
  Delete "$INSTDIR\uninstall.exe"
  ; Only if nothing of the reader's is in it.
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"

  !insertmacro forgetLinks "warta"
  !insertmacro forgetLinks "feed"
  !insertmacro forgetLinks "web+feed"
  DeleteRegKey HKCU "${CLASSES}\${NAME}.link"
  DeleteRegKey HKCU "${CLASSES}\${NAME}.opml"
  DeleteRegValue HKCU "${CLASSES}\.opml\OpenWithProgids" "${NAME}.opml"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.opml\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.opml"
  DeleteRegKey HKCU "${CLASSES}\AppUserModelId\${IDENTIFIER}"
  DeleteRegKey HKCU "Software\${IDENTIFIER}"
  DeleteRegValue HKCU "Software\RegisteredApplications" "${NAME}"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\${PROGRAM}"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\warta.exe"
  ; Written by Warta itself, when it is to start at login.
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${NAME}"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "${NAME}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  !insertmacro tellExplorer
  DetailPrint "$(DATA_STAYS)"
SectionEnd

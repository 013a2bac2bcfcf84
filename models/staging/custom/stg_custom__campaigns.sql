{{ stage('custom', 'campaigns') }}
